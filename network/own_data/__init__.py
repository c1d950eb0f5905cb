"""What a person may ask of the portal about her own data, and how long it is kept."""
