"""CALLR `sendr/10/addressbook.*`, and the black lists, whose methods are an extension of ours."""

from typing import Any

from reconciler.sandbox.table import Table
from reconciler.sandbox.vendors.callr import jobs, searches
from reconciler.sandbox.vendors.callr.account import Account, Call, Refused, by_hash, stamp
from reconciler.sandbox.vendors.callr.dialing import settle
from reconciler.sandbox.vendors.callr.records import Book, State


def create(call: Call) -> dict[str, Any]:
    """`addressbook.create`: empty; the description may be null (A14)."""
    return _shown(call.account, _made(call, call.account.books, "addressbook"))


def append(call: Call) -> str:
    """`addressbook.append_file_async`: a job; what it does to campaigns that run is a switch."""
    account = call.account
    book = by_hash(account.books, call.text(0, "hash"), "addressbook")
    for campaign in account.campaigns:
        if campaign.book is not book:
            continue
        settle(account, campaign)
        if campaign.state is State.STARTED and account.options.append_while_running == "refused":
            raise Refused("the addressbook is being called")
    return jobs.append(call, book)


def search(call: Call) -> dict[str, Any]:
    """`addressbook.search`: while an import goes on, the count grows from look to look."""
    account = call.account
    rows = account.books.listed()
    for book in rows:
        jobs.look_at_book(account, book)
    return searches.answer(call, rows, _texts, lambda book: _shown(account, book))


def delete(call: Call) -> bool:
    """`addressbook.delete`: refused while a campaign has it."""
    account = call.account
    book = by_hash(account.books, call.text(0, "hash"), "addressbook")
    if _in_use(account, book):
        raise Refused("the addressbook is in use")
    account.books.remove(book.id)
    return True


def create_blacklist(call: Call) -> dict[str, Any]:
    """`blacklist.create`: an extension."""
    return _shown_blacklist(_made(call, call.account.blacklists, "blacklist"))


def append_blacklist(call: Call) -> str:
    """`blacklist.append_file_async`: an extension."""
    return jobs.append(call, by_hash(call.account.blacklists, call.text(0, "hash"), "blacklist"))


def search_blacklists(call: Call) -> dict[str, Any]:
    """`blacklist.search`: an extension."""
    rows = call.account.blacklists.listed()
    for book in rows:
        jobs.look_at_book(call.account, book)
    return searches.answer(call, rows, _texts, _shown_blacklist)


def delete_blacklist(call: Call) -> bool:
    """`blacklist.delete`: an extension."""
    account = call.account
    account.blacklists.remove(by_hash(account.blacklists, call.text(0, "hash"), "blacklist").id)
    return True


def _made(call: Call, table: Table[Book], kind: str) -> Book:
    account = call.account
    name, description = call.text(0, "name"), call.value(1)
    if description is not None and not isinstance(description, str):
        raise Refused("description: must be a text")
    if account.options.unique_names and any(book.name == name for book in table):
        raise Refused("name: is already in use")
    number = table.take_id()
    book = Book(
        number,
        account.new_hash(kind, number),
        name,
        description,
        account.now(),
        hidden_reads=call.request.lag,
    )
    table.add(book)
    return book


def _texts(book: Book) -> str:
    return f"{book.name} {book.description or ''}"


def _in_use(account: Account, book: Book) -> bool:
    return any(campaign.book is book for campaign in account.campaigns)


def _shown(account: Account, book: Book) -> dict[str, Any]:
    description = book.description
    if description is None and account.options.null_description == "empty":
        description = ""
    return {
        "content_header": book.content_header,
        "description": description,
        "hash": book.hash,
        "imported_at": stamp(book.imported_at),
        "in_use": _in_use(account, book),
        "items_count": len(book.numbers),
        "name": book.name,
    }


def _shown_blacklist(book: Book) -> dict[str, Any]:
    return {
        "content_header": book.content_header,
        "created_at": stamp(book.created_at),
        "hash": book.hash,
        "items_count": len(book.numbers),
        "name": book.name,
        "updated_at": stamp(book.imported_at or book.created_at),
    }
