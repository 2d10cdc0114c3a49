"""Files of people: contact lists and blacklists -> keyed digests, suppression, time zones."""

from reconciler.contacts.blacklist import BlacklistFile, read_blacklist
from reconciler.contacts.contact import Contact, ContactFile, read_contacts
from reconciler.contacts.digest import Digester
from reconciler.contacts.number import Normaliser
from reconciler.contacts.zone import earliest_local, zone_table

__all__ = [
    "BlacklistFile",
    "Contact",
    "ContactFile",
    "Digester",
    "Normaliser",
    "earliest_local",
    "read_blacklist",
    "read_contacts",
    "zone_table",
]
