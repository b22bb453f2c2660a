"""Pages about proof: files of a case looked at in the page, packs that leave the house and can be verified later."""
