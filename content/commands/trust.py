"""The commands of ``keruen-pack`` about trust: root, certify, withdraw, sign, trust."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Tuple

if TYPE_CHECKING:
    from content.commands.keys import Commands
    from content.trust.keys import PublisherKey
    from content.trust.root import Root


def add_trust_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add them all."""
    _add_root(commands, common)
    certify = commands.add_parser("certify", parents=[common], help="let a key sign, within limits")
    certify.add_argument("chain", type=Path, metavar="CHAIN", help="the file to write")
    _add_issuer(certify)
    certify.add_argument("--holder", required=True, metavar="PUBLIC", help="the public key")
    certify.add_argument("--name", required=True, metavar="NAME", help="whose key it is")
    for option, name, words in (
        ("--subject", "SUBJECT", "only packs of this subject; may be given often"),
        ("--school", "ID", "only for the school whose server has this id; may be given often"),
        ("--pack", "PACK", "only this pack, or packs that begin so: aqsu-*; may be given often"),
        ("--replaces", "KEY_ID", "a former key whose packs it takes over; may be given often"),
    ):
        certify.add_argument(option, action="append", metavar=name, help=words)
    for option, words in (
        ("--versions", "how many versions it may publish"),
        ("--after", "count them from this number of its catalogue"),
        ("--may-certify", "how many certificates in a row may follow"),
        ("--number", "higher than that of the key's last certificate by you; normally 1"),
    ):
        certify.add_argument(option, type=int, metavar="N", help=words)
    _add_keys(certify)
    certify.set_defaults(act=_certify)

    withdraw = commands.add_parser("withdraw", parents=[common], help="no longer vouch for a key")
    withdraw.add_argument("list", type=Path, metavar="LIST", help="your list; made if missing")
    withdraw.add_argument("key_id", metavar="KEY_ID")
    _add_issuer(withdraw)
    withdraw.add_argument(
        "--up-to", type=int, default=0, metavar="N", help="only certificates up to this number"
    )
    withdraw.add_argument(
        "--last-catalogue", type=Path, metavar="PATH", help="its last catalogue that is still good"
    )
    _add_keys(withdraw)
    withdraw.set_defaults(act=_withdraw)

    sign = commands.add_parser("sign", parents=[common], help="add a holder's signature")
    sign.add_argument("file", type=Path, metavar="FILE", help="a root, a chain or a list")
    _add_keys(sign)
    sign.set_defaults(act=_sign)

    trust = commands.add_parser("trust", parents=[common], help="put your chain into a repository")
    trust.add_argument("repository", type=Path, metavar="REPOSITORY")
    trust.add_argument("files", type=Path, nargs="+", metavar="FILE", help="roots, chain, lists")
    _add_keys(trust)
    trust.set_defaults(act=_trust)


def _add_root(commands: Commands, common: argparse.ArgumentParser) -> None:
    root = commands.add_parser("root", help="the keys at the top, some of which must sign")
    below = root.add_subparsers(metavar="COMMAND", required=True)
    new = below.add_parser("new", parents=[common], help="make a root")
    rotate = below.add_parser("rotate", parents=[common], help="make the version after a root")
    rotate.add_argument("root", type=Path, metavar="ROOT", help="the newest version")
    for command in (new, rotate):
        command.add_argument("file", type=Path, metavar="FILE", help="the file to write")
        command.add_argument("--name", required=command is new, metavar="NAME")
        command.add_argument(
            "--holder", action="append", required=True, metavar="PUBLIC", help="each public key"
        )
        command.add_argument("--threshold", type=int, required=True, metavar="N")
        _add_keys(command)
    new.set_defaults(act=_root_new, root=None)
    rotate.set_defaults(act=_root_new)
    show = below.add_parser("show", parents=[common], help="say what a root holds")
    show.add_argument("file", type=Path, metavar="FILE")
    show.set_defaults(act=_root_show)


def _add_issuer(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--root", type=Path, required=True, metavar="ROOT", help="the newest version of the root"
    )
    command.add_argument(
        "--above", type=Path, metavar="CHAIN", help="your own chain; left out by the root's holders"
    )


def _add_keys(command: argparse.ArgumentParser) -> None:
    from content.trust.passphrase import add_passphrase_option

    command.add_argument(
        "--key",
        type=Path,
        action="append",
        required=True,
        metavar="KEY",
        help="the signing key; holders of a root may give several",
    )
    add_passphrase_option(command)


def _keys(arguments: argparse.Namespace) -> Tuple[PublisherKey, ...]:
    from content.trust.passphrase import open_keys

    return open_keys(arguments.key, arguments.passphrase_file)


def _root_new(arguments: argparse.Namespace) -> int:
    from content.trust.keys import PublicKey
    from content.trust.making import make_root, next_root
    from content.trust.root import Root

    holders = tuple(sorted(PublicKey.from_text(text).raw for text in arguments.holder))
    known = _read_root(arguments.root) if arguments.root else None
    name = arguments.name or (known.name if known else "")
    root = Root(1, name, arguments.threshold, holders)
    keys = _keys(arguments)
    data = next_root(known, root, keys) if known else make_root(root, keys)
    _write_new(arguments.file, data)
    return _root_show(arguments)


def _root_show(arguments: argparse.Namespace) -> int:
    from content.trust import envelope
    from content.trust.keys import key_id
    from content.trust.root import PAYLOAD_TYPE

    root = _read_root(arguments.file)
    signed = envelope.signers(arguments.file.read_bytes(), PAYLOAD_TYPE, str(arguments.file))
    ids = [key_id(key) for key in root.keys]
    account = {
        "root": root.id,
        "number": root.number,
        "name": root.name,
        "threshold": root.threshold,
        "holders": ids,
        "signed": list(signed),
    }
    holders = "\n".join(f"  {one}{' has signed' if one in signed else ''}" for one in ids)
    text = (
        f"Root {root.id}, number {root.number}: {root.name}\n"
        f"{root.threshold} of these holders must sign:\n{holders}"
    )
    return _tell(arguments, account, text)


def _certify(arguments: argparse.Namespace) -> int:
    from content.limits import Limits
    from content.trust.certificate import Certificate
    from content.trust.keys import PublicKey
    from content.trust.making import make_chain

    root, above = _read_root(arguments.root), _read(arguments.above)
    named = {name: getattr(arguments, name) for name in ("subject", "school", "pack")}
    lists: Dict[str, Any] = {
        f"{name}s": tuple(value) if value else None for name, value in named.items()
    }
    certificate = Certificate(
        issuer=_issuer(root, above, arguments),
        key=PublicKey.from_text(arguments.holder, "--holder").raw,
        name=arguments.name,
        number=1 if arguments.number is None else arguments.number,
        may_certify=arguments.may_certify or 0,
        limits=Limits(versions=arguments.versions, **lists),
        after=arguments.after or 0,
        replaces=tuple(arguments.replaces or ()),
    )
    data = make_chain(root, above, certificate, _keys(arguments))
    _write_new(arguments.chain, data)
    account = {"chain": str(arguments.chain), "key_id": certificate.key_id, "name": arguments.name}
    text = f"{arguments.chain} certifies {arguments.name}, key {certificate.key_id}."
    return _tell(arguments, account, text)


def _withdraw(arguments: argparse.Namespace) -> int:
    import hashlib

    from content.trust import envelope, withdrawal
    from content.trust.making import make_withdrawals
    from content.trust.withdrawal import Withdrawn, parse_withdrawals

    root, above = _read_root(arguments.root), _read(arguments.above)
    last = _read(arguments.last_catalogue)
    catalogue = hashlib.sha256(last).hexdigest() if last is not None else ""
    entry = Withdrawn(arguments.key_id, arguments.up_to, catalogue)
    known = _read(arguments.list) if arguments.list.exists() else None
    issuer = _issuer(root, above, arguments)
    data = make_withdrawals(known, issuer, entry, _keys(arguments))
    payload = envelope.unverified_payload(data, withdrawal.PAYLOAD_TYPE)
    listed = parse_withdrawals(payload, str(arguments.list))
    _write(arguments.list, data)
    account = {"issuer": listed.issuer, "serial": listed.serial, "withdrawn": arguments.key_id}
    text = f"{arguments.list} is number {listed.serial} and withdraws {arguments.key_id}."
    return _tell(arguments, account, text)


def _sign(arguments: argparse.Namespace) -> int:
    from content.trust.making import countersign

    keys = _keys(arguments)
    data = _read(arguments.file) or b""
    _write(arguments.file, countersign(data, keys, str(arguments.file)))
    ids = [key.public.key_id for key in keys]
    return _tell(arguments, {"signed": ids}, f"{arguments.file} is signed by {', '.join(ids)}.")


def _trust(arguments: argparse.Namespace) -> int:
    from content.trust.folder import read_trust_file
    from content.trust.publishing import attach

    files = dict(read_trust_file(path) for path in arguments.files)
    keys = _keys(arguments)
    catalogue = attach(arguments.repository, files, keys[0])
    names: List[str] = [file.path for file in files]
    account = {"serial": catalogue.serial, "files": names}
    text = f"{arguments.repository} names its certificates; its catalogue is {catalogue.serial}."
    return _tell(arguments, account, text)


def _issuer(root: Root, above: Optional[bytes], arguments: argparse.Namespace) -> str:
    from content.trust.certificate import read_chain

    if above is None:
        return root.id
    return read_chain(above, root, str(arguments.above)).publisher.key_id


def _read_root(path: Path) -> Root:
    from content.trust import envelope
    from content.trust.root import PAYLOAD_TYPE, parse_root

    data = _read(path) or b""
    return parse_root(envelope.unverified_payload(data, PAYLOAD_TYPE, str(path)), str(path))


def _read(path: Optional[Path]) -> Optional[bytes]:
    from content.storage import read_bounded
    from content.trust.envelope import MAX_ENVELOPE_BYTES

    return read_bounded(path, MAX_ENVELOPE_BYTES) if path else None


def _write_new(path: Path, data: bytes) -> None:
    from content.errors import StorageError

    if path.exists():
        raise StorageError(f"{path} exists already and is not replaced.")
    _write(path, data)


def _write(path: Path, data: bytes) -> None:
    from content.storage import replace_durably, storage_errors

    with storage_errors(path):
        replace_durably(path, [data], path.parent)


def _tell(arguments: argparse.Namespace, account: Mapping[str, Any], text: str) -> int:
    print(json.dumps(account, indent=1, sort_keys=True) if arguments.json else text)
    return 0
