"""Explains certificate verification errors (TLS) of a broker, with the way out.

Python verifies strictly from 3.13 on (`ssl.VERIFY_X509_STRICT`): certificates that lack what
RFC 5280 asks for, as those of many tutorials do, are refused there and accepted by older ones.
"""

import ssl

#: By X509_V_ERR_… of openssl/x509_vfy.h: whose certificate, and what it lacks.
_LACKS = {
    85: ("the broker", "authorityKeyIdentifier"),
    86: ("its authority", "subjectKeyIdentifier"),
    89: ("its authority", "basicConstraints that are critical"),
    92: ("its authority", "keyUsage"),
}


_WAYS_OUT = {
    9: "it is not valid yet: is the clock right, on this machine and where it was made?",
    10: "it has expired: make it again with hub certs make",
    62: "make it again with hub certs make, with --name for every name that devices use",
    64: "make it again with hub certs make, with --ip for every address that devices use",
}


def describe_distrust(exc: ssl.SSLCertVerificationError) -> str:
    """Explain why the broker's certificate is not trusted, and what to do."""
    if exc.verify_code in _LACKS:
        whose, what = _LACKS[exc.verify_code]
        return (
            f"the certificate of {whose} lacks {what}, which Python 3.13 and newer ask for "
            "(RFC 5280); make both certificates with hub certs make, or add "
            "basicConstraints=critical,CA:true, keyUsage=critical,keyCertSign,cRLSign and "
            "subjectKeyIdentifier=hash to the authority's and authorityKeyIdentifier=keyid to the "
            "broker's"
        )
    way_out = _WAYS_OUT.get(
        exc.verify_code, "set HUB_BROKER_CA to the certificate of the authority that signed it"
    )
    return f"the broker's certificate cannot be verified: {exc.verify_message}; {way_out}"
