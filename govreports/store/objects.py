"""A bucket, or a prefix in one, as a store on fsspec.

Belongs here: which call does what, and what to say when one fails. Does not belong here: credentials and endpoints, which the
client takes from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE, AWS_ENDPOINT_URL, AWS_REGION).

An object is written by one PUT, or by the parts of a large upload that count together once it is completed; so there are no
temporary names, and nothing is renamed.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from govreports.store.stores import Entry, StoreError

Result = TypeVar("Result")

_HOW = "see docs/scale.md"
# What the client is told, by scheme. Listings are asked for anew, since other processes write; a server gets this long, in
# seconds, to take a connection and to send something.
_OPTIONS: dict[str, dict[str, Any]] = {
    "s3": {
        "use_listings_cache": False,
        "config_kwargs": {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 4}},
    },
}
# One GET for an object: several for its ranges could meet two versions of it.
_READING: dict[str, dict[str, Any]] = {"s3": {"max_concurrency": 1}}
# One object of a listing is enough to see whether there is one.
_LOOKING: dict[str, dict[str, Any]] = {"s3": {"max_items": 1}}
_DENIED = frozenset(
    {
        "403",
        "AccessDenied",
        "AllAccessDisabled",
        "ExpiredToken",
        "InvalidAccessKeyId",
        "InvalidToken",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
        "UnrecognizedClientException",
        "AuthorizationHeaderMalformed",
        "RequestTimeTooSkewed",
    }
)
_WITHOUT_CREDENTIALS = frozenset(
    {
        "NoCredentialsError",
        "PartialCredentialsError",
        "CredentialRetrievalError",
        "ProfileNotFound",
        "TokenRetrievalError",
        "UnauthorizedSSOTokenError",
        "SSOTokenLoadError",
    }
)
_FULL = frozenset(
    {
        "507",
        "InsufficientStorage",
        "InsufficientCapacity",
        "OverQuota",
        "QuotaExceeded",
        "StorageQuotaExceeded",
        "XMinioStorageFull",
    }
)
# Trouble with the disk here, where something is copied to it: it is told as what it is.
_OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM})
_STAMP = 2**60


@dataclass(frozen=True)
class Objects:
    """The objects below an address. Any process may have one; it is as small as its address, and connects when used."""

    address: str

    def __str__(self) -> str:
        return self.address

    def check(self) -> None:
        """Raise `StoreError` where nothing can be listed."""
        self._call(lambda: self._client.find(self._root, **_LOOKING.get(self._scheme, {})), missing=lambda error: [])

    def entries(self, below: str = "") -> Iterator[Entry]:
        """All objects below a prefix, those aside in whose names a part begins with a dot. Raises before the first one."""
        skipped = len(self._root) + 1
        found = self._call(lambda: self._client.find(self._key(below), detail=True), missing=lambda error: {})
        for key, info in found.items():
            name = key[skipped:]
            # An empty object with a slash at its end stands for a folder in some tools.
            if name and not name.endswith("/") and not any(part.startswith(".") for part in name.split("/")):
                yield Entry(name, int(info["size"]), _stamp(info))

    def read(self, name: str) -> bytes:
        """The bytes of an object. Raises FileNotFoundError and PermissionError where it is this one that cannot be read."""
        return self._of_object(name, lambda key: bytes(self._client.cat_file(key, **_READING.get(self._scheme, {}))))

    def write(self, name: str, data: bytes | memoryview) -> None:
        """Put an object there."""
        self._call(lambda: self._client.pipe_file(self._key(name), bytes(data)))

    def upload(self, name: str, path: Path) -> None:
        """Put an object there from a file."""
        self._call(lambda: self._client.put_file(str(path), self._key(name)))

    def download(self, name: str, path: Path) -> None:
        """Copy an object to a new file."""
        self._of_object(name, lambda key: self._client.get_file(key, str(path)))

    def exists(self, name: str) -> bool:
        """Whether there is such an object."""
        return bool(self._call(lambda: self._client.exists(self._key(name))))

    def delete(self, name: str) -> None:
        """Remove an object, if it is there."""
        self._call(lambda: self._client.rm_file(self._key(name)), missing=lambda error: None)

    def sweep(self, below: str) -> list[str]:
        """Abort the large uploads below a prefix that were never completed: their parts are paid for, and never listed.

        Not every server knows how, and not all may: nothing depends on it.
        """
        if not hasattr(self._client, "list_multipart_uploads"):
            return []
        bucket, _, prefix = self._key(below).partition("/")
        try:
            found = self._call(lambda: self._client.list_multipart_uploads(bucket))
            left = [(upload["Key"], upload["UploadId"]) for upload in found if upload["Key"].startswith(f"{prefix}/")]
            for key, upload in left:
                self._call(partial(self._client.abort_mpu, bucket, key, upload))
        except StoreError:
            return []
        return [f"{bucket}/{key}"[len(self._root) + 1 :] for key, _ in left]

    @property
    def _scheme(self) -> str:
        return self.address.partition("://")[0]

    @property
    def _client(self) -> Any:
        return _client(self.address, self._scheme)

    @property
    def _root(self) -> str:
        return str(self._client._strip_protocol(self.address))

    def _key(self, name: str) -> str:
        return f"{self._root}/{name}" if name else self._root

    def _of_object(self, name: str, call: Callable[[str], Result]) -> Result:
        """What a call makes of one object. Where it fails the store is looked at: is it this object alone?"""

        def alone(error: Exception) -> Result:
            self.check()
            problem = "there is no such object" if isinstance(error, FileNotFoundError) else _reason(error)
            raise type(error)(error.errno or 0, problem, f"{self.address}/{name}") from error  # type: ignore[attr-defined]

        return self._call(lambda: call(self._key(name)), missing=alone, denied=alone)

    def _no_bucket(self, error: Exception) -> Any:
        bucket = self._root.strip("/").partition("/")[0]
        raise StoreError(
            f"the bucket {bucket} of {self.address} does not exist: make it, or correct the address ({_HOW})"
        ) from error

    def _call(
        self,
        call: Callable[[], Result],
        *,
        missing: Callable[[Exception], Result] | None = None,
        denied: Callable[[Exception], Result] | None = None,
    ) -> Result:
        """The result of a call to the client. A failure is a `StoreError`, but for the disk's and for what the handlers take."""
        try:
            return call()
        except StoreError:
            raise
        except OSError as error:
            if error.errno in _OF_THE_DISK and not _answer(error):
                raise
            return self._handled(error, missing, denied)
        except Exception as error:
            raise self._trouble(error) from error

    def _handled(
        self,
        error: OSError,
        missing: Callable[[Exception], Result] | None,
        denied: Callable[[Exception], Result] | None,
    ) -> Result:
        if isinstance(error, FileNotFoundError):
            return missing(error) if missing and _code(error) != "NoSuchBucket" else self._no_bucket(error)
        if isinstance(error, PermissionError) and denied:
            return denied(error)
        raise self._trouble(error) from error

    def _trouble(self, error: Exception) -> StoreError:
        code, reason = _code(error), _reason(error)
        names = {kind.__name__ for kind in type(error).__mro__}
        if isinstance(error, PermissionError) or code in _DENIED or names & _WITHOUT_CREDENTIALS:
            return StoreError(
                f"{self.address} cannot be used with these credentials ({reason}): check AWS_ACCESS_KEY_ID, "
                f"AWS_SECRET_ACCESS_KEY or AWS_PROFILE, and what they may do there ({_HOW})"
            )
        if code in _FULL:
            return StoreError(
                f"{self.address} is full ({reason}): free some space or raise its quota, and build again; "
                "what was done stands"
            )
        if not code and (isinstance(error, OSError) or "BotoCoreError" in names):
            where = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or "its endpoint"
            return StoreError(
                f"{self.address} cannot be reached at {where} ({reason}): check the address, AWS_ENDPOINT_URL and the "
                f"network; what was done stands ({_HOW})"
            )
        return StoreError(f"{self.address} cannot be used ({reason}); what was done stands ({_HOW})")


@cache
def _client(address: str, scheme: str) -> Any:
    import fsspec

    try:
        client = fsspec.filesystem(scheme, **_OPTIONS.get(scheme, {}))
    except ImportError as error:
        raise StoreError(
            f"{address} is configured and its client is not installed: pip install 'govreports[scale]' ({_HOW})"
        ) from error
    except ValueError as error:
        raise StoreError(f"{address} is no address of a store: use a path, or s3://bucket/prefix ({_HOW})") from error
    if not str(client._strip_protocol(address)).strip("/"):
        raise StoreError(f"{address} names no bucket: use s3://bucket/prefix ({_HOW})")
    return client


def _stamp(info: dict[str, Any]) -> int:
    """A number for the version of an object."""
    version = next((info[name] for name in ("ETag", "etag", "LastModified", "mtime", "created") if info.get(name)), "")
    return int.from_bytes(hashlib.sha256(f"{version}".encode()).digest()[:8], "big") % _STAMP


def _answer(error: BaseException | None) -> dict[str, str]:
    """What the server answered, as `Code` and `Message`; empty where it did not."""
    while error is not None:
        response = getattr(error, "response", None)
        if isinstance(response, dict):
            return {str(name): str(value) for name, value in response.get("Error", {}).items()}
        error = error.__cause__
    return {}


def _code(error: BaseException) -> str:
    return _answer(error).get("Code", "")


def _reason(error: BaseException) -> str:
    """What the server or else the client says, in one line."""
    answer = _answer(error)
    said = [answer[name] for name in ("Code", "Message") if answer.get(name)]
    text = ": ".join(said) or str(getattr(error, "strerror", None) or error) or type(error).__name__
    return " ".join(text.split()).rstrip(".")
