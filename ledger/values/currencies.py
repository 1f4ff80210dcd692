"""ISO 4217 currency codes, and how many decimals each one's minor unit has."""

from __future__ import annotations

# ISO 4217, list one (current) as of 2026-02, without the codes for metals, funds and testing.
_CURRENT = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD
KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN
NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP
SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS
VED VES VND VUV WST XAF XCD XCG XDR XOF XPF YER ZAR ZMW ZWG
"""

# ISO 4217, list three (historic): the currencies of old filings.
_HISTORIC = """
ADP ANG ATS AZM BEF BGL BGN BYR CSD CSK CUC CYP DEM EEK ESP FIM FRF GHC GRD HRK IEP ITL LTL LUF
LVL MRO MTL MZM NLG PLZ PTE ROL RUR SDD SIT SKK SLL SRG STD TMM TRL UAK VEB VEF XEU YUM ZMK ZWD
ZWL
"""

CURRENCIES = frozenset((_CURRENT + _HISTORIC).split())

# ISO 4217 column "minor unit", if it is not 2.
_MINOR_UNITS = {
    **dict.fromkeys(
        "ADP BEF BIF BYR CLP DJF ESP GNF GRD ISK ITL JPY KMF KRW LUF PTE PYG RWF UGX UYI VND VUV "
        "XAF XOF XPF TRL".split(),
        0,
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def minor_unit_places(currency: str) -> int:
    """Decimals of the currency's minor unit: 0 for JPY, 2 for USD, 3 for KWD."""
    return _MINOR_UNITS.get(currency, 2)
