"""Time stamps of checkpoints (RFC 3161): proof from an outside authority of when a text existed.

Only this module imports the library that reads them. What is stamped is the text of a checkpoint
without its signatures, so that a signature added later leaves the stamp valid.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ledger.errors import BadInput

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse


class BadStamp(Exception):
    """The time stamp does not prove when the text existed."""


def certificates(pem: bytes) -> list[Certificate]:
    """The certificates in a PEM file; raises BadInput if there are none."""
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - slow to import

    try:
        return load_pem_x509_certificates(pem)
    except ValueError as problem:
        raise BadInput(f"no certificates in PEM form: {problem}") from None


def stamp_request(text: str) -> tuple[bytes, int]:
    """The request for a stamp of a text (DER, application/timestamp-query), and its nonce."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # noqa: PLC0415 - as above

    builder = TimestampRequestBuilder().data(text.encode()).hash_algorithm(HashAlgorithm.SHA256)
    request = builder.build()
    assert request.nonce is not None
    return request.as_bytes(), request.nonce


def stamped_at(
    reply: bytes, text: str, authorities: Sequence[Certificate], nonce: int | None = None
) -> datetime:
    """When an authority stamped this text, by its reply (DER, application/timestamp-reply).

    Raises BadStamp if the reply is not one, is of another text, or is not signed by one of these
    authorities with a certificate that was valid at that time; with `nonce`, if it answers another
    request.
    """
    from rfc3161_client import (  # noqa: PLC0415 - as above
        VerificationError,
        VerifierBuilder,
        decode_timestamp_response,
    )

    verifier = VerifierBuilder(roots=list(authorities), nonce=nonce).build()
    try:
        response = decode_timestamp_response(reply)
        _must_be_granted(response)
        verifier.verify_message(response, text.encode())
        return response.tst_info.gen_time.astimezone(UTC)
    except (VerificationError, ValueError, TypeError) as problem:
        raise BadStamp(str(problem)) from None


def _must_be_granted(response: TimeStampResponse) -> None:
    if response.status != 0:  # granted
        why = "; ".join(response.status_string) or f"status {response.status}"
        raise BadStamp(f"the authority did not grant it: {why}")
