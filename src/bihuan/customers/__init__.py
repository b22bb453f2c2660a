"""The vault: the only room that encrypts and decrypts what identifies a person."""
