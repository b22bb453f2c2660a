"""What is no complaint: an enquiry that goes on as a service request, or as a lead for the sales unit."""
