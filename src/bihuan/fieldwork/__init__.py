"""Work outside (上门): crews and their areas, appointments agreed with the customer, repair orders and what hinders them.

Event kinds: appointment_booked appointment_moved appointment_cancelled appointment_arrived appointment_done
appointment_missed appointment_reminded visit_wished · repair_sent repair_accepted repair_on_way repair_on_site
repair_done repair_unable repair_cancelled repair_handed repair_hindered repair_freed. Appointments and orders have terms
of their own (`sla.deadlines`, kinds `appointment` and `repair`).
"""
