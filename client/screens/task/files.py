"""Where files are attached to an answer: what is attached, and the list to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout

from client.laptop.attaching.attachments import AttachedFile
from client.laptop.attaching.file_types import is_recording
from client.laptop.attaching.places import Entry
from client.theme.palette import palette
from client.widgets.buttons import IconButton, PrimaryButton, QuietButton
from client.widgets.card import Card, Column, PressCard, Row
from client.widgets.labels import Body, Icon, Muted, Strong
from client.widgets.page import Page
from client.widgets.picture_bytes import PictureBytes, texture_of

if TYPE_CHECKING:
    from client.screens.task.view import View

_THUMBNAIL_DP = 150
_ASKED_FOR = {
    frozenset(("photo",)): "task.file.what.photo",
    frozenset(("recording",)): "task.file.what.recording",
    frozenset(("photo", "recording")): "task.file.what.photo-recording",
}


def megabytes(size_bytes: int) -> str:
    """A size in megabytes with one decimal, never zero."""
    return f"{max(size_bytes, 100_000) / 1_000_000:.1f}"


def short_title(title: str) -> str:
    """A file's name with its longest words shortened in their middle: no line breaks them."""
    words = (word if len(word) <= 15 else f"{word[:6]}\u2026{word[-8:]}" for word in title.split())
    return " ".join(words)


def size_words(view: Any, size_bytes: int) -> str:
    """A size in words, with the language's decimal sign."""
    number = megabytes(size_bytes)
    if view.app.messages.language != "en":
        number = number.replace(".", ",")
    return str(view.tr("task.file.size", mb=number))


def file_pane(view: View) -> Column:
    """The attached files of the question on the page, and the button for one more."""
    attaching = view.model.attaching
    column = Column(spacing=dp(12))
    if attaching.problem is not None:
        column.add_widget(Body(text=view.tr(attaching.problem), color=palette.rust))
    files = attaching.files()
    if not files:
        column.add_widget(Body(text=view.tr(asked_for(view.model.item.body.accept))))
    for file in files:
        column.add_widget(_file_card(view, file))
    if attaching.busy:
        column.add_widget(Muted(text=view.tr("task.file.preparing")))
    elif attaching.full:
        column.add_widget(Muted(text=view.tr("task.file.full")))
    else:
        key = "task.file.add" if not files else "task.file.more"
        kind = PrimaryButton if not files else QuietButton
        button = kind(text=view.tr(key), icon="attach", fills=not view.wide)
        button.bind(on_release=lambda _: attaching.look())
        column.add_widget(button)
    attaching.open_pictures()
    return column


def asked_for(accept: Sequence[str]) -> str:
    """The key of the words for what may be attached."""
    return _ASKED_FOR.get(frozenset(accept), "task.file.what")


def wanted(entry: Entry, accept: Sequence[str]) -> bool:
    """Whether a file of the list is of a sort that the question asks for; folders always are."""
    photo = entry.is_photo and "photo" in accept
    recording = is_recording(entry.name) and "recording" in accept
    return entry.is_folder or photo or recording or "file" in accept


def _file_card(view: View, file: AttachedFile) -> Card:
    card = Card(spacing=dp(10), padding=(dp(14), dp(12)))
    row = Row(spacing=dp(12))
    icon = "picture" if file.is_picture else "file"
    row.add_widget(Icon(icon=icon, color=palette.sky, pos_hint={"center_y": 0.5}))
    words = Column(spacing=dp(2), pos_hint={"center_y": 0.5})
    words.add_widget(Strong(text=short_title(file.title)))
    words.add_widget(Muted(text=size_words(view, file.size_bytes)))
    row.add_widget(words)
    remove = IconButton(icon="close", hint=view.tr("task.file.remove", name=file.title))
    remove.pos_hint = {"center_y": 0.5}
    remove.bind(on_release=lambda _: view.model.attaching.take_back(file.name))
    row.add_widget(remove)
    card.add_widget(row)
    data = view.model.attaching.pictures.get(file.name)
    texture = texture_of(data) if data is not None else None
    if texture is not None:
        card.add_widget(PictureBytes(texture, most_height=dp(_THUMBNAIL_DP)))
    return card


def picker_page(view: View) -> Any:
    """The list to choose a file from: places, folders, files."""
    model = view.model
    listing = model.attaching.listing
    assert listing is not None  # noqa: S101 - else this page is not shown
    folder = listing.folder
    title = view.tr("task.file.choose")
    subtitle = view.tr("task.file.where") if folder is None else (folder.name or str(folder))
    page = Page(title=title, subtitle=subtitle, wide=view.wide)
    close = IconButton(icon="close", hint=view.tr("task.file.cancel"))
    close.bind(on_release=lambda _: model.attaching.stop())
    page.add_to_head(close)
    if folder is not None:
        page.add(_entry(view.tr("task.file.up"), "", "up", _goes_up(view)))
    entries = [one for one in listing.entries if wanted(one, model.item.body.accept)]
    for entry in entries:
        page.add(_entry_of(view, entry))
    if not listing.readable:
        page.add(Body(text=view.tr("task.file.unreadable")))
    elif not entries:
        page.add(Body(text=view.tr("task.file.nothing")))
    elif listing.more:
        page.add(Muted(text=view.tr("task.file.rest")))
    return page


def _goes_up(view: View) -> Any:
    listing = view.model.attaching.listing
    return lambda: view.model.attaching.enter(listing.parent if listing is not None else None)


def _entry_of(view: View, entry: Entry) -> PressCard:
    attaching = view.model.attaching
    if entry.is_folder:
        stick = view.model.attaching.listing is not None and _is_stick(entry)
        icon = "stick" if stick else "folder"
        return _entry(short_title(entry.name), "", icon, lambda: attaching.enter(entry.path))
    words = size_words(view, entry.size_bytes)
    icon = "picture" if entry.is_photo else "file"
    return _entry(short_title(entry.name), words, icon, lambda: attaching.attach(entry.path))


def _is_stick(entry: Entry) -> bool:
    return "media" in entry.path.parts[:4] or entry.path.parent == entry.path


def _entry(name: str, words: str, icon: str, act: Any) -> PressCard:
    card = PressCard(padding=(dp(14), dp(6)))
    row = Row(spacing=dp(12))
    row.add_widget(Icon(icon=icon, color=palette.sky, pos_hint={"center_y": 0.5}))
    row.add_widget(Strong(text=name, pos_hint={"center_y": 0.5}))
    if words:
        row.add_widget(Muted(text=words, hug=True, pos_hint={"center_y": 0.5}))
    holder = BoxLayout(size_hint_y=None, height=dp(40))
    holder.add_widget(row)
    row.bind(height=lambda _, height: setattr(holder, "height", max(dp(40), height)))
    row.pos_hint = {"center_y": 0.5}
    card.add_widget(holder)
    card.bind(on_release=lambda _: act())
    return card


def answer_files(view: Any, files: Any, opened: Any, open_file: Any) -> Column:
    """Attached files as they are looked at: pictures large, others with a button to open them.

    ``opened`` has the pictures by name; ``open_file`` is called with the name of another file.
    """
    column = Column(spacing=dp(10))
    for file in files:
        row = Row(spacing=dp(10))
        icon = "picture" if file.is_picture else "file"
        row.add_widget(Icon(icon=icon, color=palette.sky, pos_hint={"center_y": 0.5}))
        words = f"{short_title(file.title)} · {size_words(view, file.size_bytes)}"
        row.add_widget(Strong(text=words, pos_hint={"center_y": 0.5}))
        column.add_widget(row)
        texture = texture_of(opened[file.name]) if file.name in opened else None
        if not file.here:
            column.add_widget(Muted(text=view.tr("review.file.coming")))
        elif texture is not None:
            column.add_widget(PictureBytes(texture, most_height=dp(900)))
        if file.here and open_file is not None:
            button = QuietButton(text=view.tr("review.file.open"), icon="full")
            button.bind(on_release=lambda _, name=file.name: open_file(name))
            column.add_widget(button)
    return column
