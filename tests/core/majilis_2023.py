"""An election that several tests share out."""

#: The lists of the Majilis election of 2023, with against all.
VOTES = {
    "Amanat": 3_431_510,
    "Auyl": 693_938,
    "Respublica": 547_154,
    "Ak Zhol": 535_139,
    "NPK": 432_920,
    "OSDP": 331_058,
    "Baytaq": 146_431,
    "against_all": 248_291,
}
