"""Our names for icons, and the font they come from.

The glyphs are those of Material Design Icons 7 in the package ``fonticon-materialdesignicons7``.
Only the font file of that package is used: importing it would read 7,000 names that no screen
shows. A test compares this table with the package's own.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Mapping, Tuple

ICONS: Mapping[str, Tuple[str, int]] = {
    "today": ("weather_sunny", 0xF0599),
    "lessons": ("book_open_page_variant_outline", 0xF15D6),
    "practice": ("pencil_outline", 0xF0CB6),
    "results": ("check_decagram_outline", 0xF1740),
    "send": ("swap_vertical", 0xF04E2),
    "class": ("account_group_outline", 0xF0B58),
    "review": ("clipboard_check_outline", 0xF08A8),
    "back": ("arrow_left", 0xF004D),
    "close": ("close", 0xF0156),
    "next": ("arrow_right", 0xF0054),
    "forward": ("chevron_right", 0xF0142),
    "down": ("chevron_down", 0xF0140),
    "up": ("chevron_up", 0xF0143),
    "check": ("check", 0xF012C),
    "check_circle": ("check_circle", 0xF05E0),
    "wrong": ("close_circle_outline", 0xF015A),
    "dot": ("circle", 0xF0765),
    "ring": ("circle_outline", 0xF0766),
    "now": ("record_circle_outline", 0xF0EC3),
    "plus": ("plus", 0xF0415),
    "minus": ("minus", 0xF0374),
    "play": ("play", 0xF040A),
    "pause": ("pause", 0xF03E4),
    "replay": ("replay", 0xF0459),
    "back_ten": ("rewind_10", 0xF0D2A),
    "forward_ten": ("fast_forward_10", 0xF0D71),
    "speed": ("speedometer", 0xF04C5),
    "subtitles": ("subtitles_outline", 0xF0A17),
    "volume": ("volume_high", 0xF057E),
    "full": ("fullscreen", 0xF0293),
    "full_off": ("fullscreen_exit", 0xF0294),
    "video": ("video_outline", 0xF0BDC),
    "video_here": ("video_check_outline", 0xF106A),
    "video_coming": ("download_outline", 0xF0B8F),
    "text": ("text_box_outline", 0xF09ED),
    "clock": ("clock_outline", 0xF0150),
    "calendar": ("calendar_outline", 0xF0B67),
    "laptop": ("laptop", 0xF0322),
    "laptop_add": ("laptop", 0xF0322),
    "card": ("qrcode_scan", 0xF0433),
    "school": ("school_outline", 0xF1180),
    "cloud": ("cloud_outline", 0xF0163),
    "cloud_check": ("cloud_check_outline", 0xF1BEC),
    "link": ("lan_connect", 0xF0318),
    "no_link": ("lan_disconnect", 0xF0319),
    "waiting": ("tray_full", 0xF1296),
    "attention": ("alert_circle_outline", 0xF05D6),
    "info": ("information_outline", 0xF02FD),
    "hint": ("lightbulb_on_outline", 0xF06E9),
    "comment": ("comment_text_outline", 0xF0189),
    "teacher": ("human_male_board", 0xF0890),
    "person": ("account_outline", 0xF0013),
    "person_add": ("account_plus_outline", 0xF0801),
    "people": ("account_group_outline", 0xF0B58),
    "star": ("star_outline", 0xF04D2),
    "flag": ("flag_outline", 0xF023D),
    "save": ("content_save_check_outline", 0xF18EB),
    "stick": ("usb_flash_drive_outline", 0xF129F),
    "attach": ("paperclip", 0xF03E2),
    "folder": ("folder_outline", 0xF0256),
    "file": ("file_outline", 0xF0224),
    "picture": ("image_outline", 0xF0976),
    "pack": ("package_variant_closed", 0xF03D7),
    "language": ("translate", 0xF05CA),
    "light": ("white_balance_sunny", 0xF05A8),
    "dark": ("weather_night", 0xF0594),
    "contrast": ("contrast_circle", 0xF0197),
    "letters": ("format_size", 0xF027F),
    "grade": ("numeric", 0xF03A0),
    "search": ("magnify", 0xF0349),
    "look": ("eye_outline", 0xF06D0),
    "look_off": ("eye_off_outline", 0xF06D1),
    "lock": ("lock_outline", 0xF0341),
    "leave": ("logout", 0xF0343),
    "key": ("shield_key_outline", 0xF0BC5),
    "dialpad": ("dialpad", 0xF061C),
    "pictures": ("view_grid_outline", 0xF11D9),
    "keyboard": ("keyboard_outline", 0xF097B),
    "delete": ("backspace_outline", 0xF0B5C),
    "trash": ("trash_can_outline", 0xF0A7A),
    "choice_off": ("radiobox_blank", 0xF043D),
    "choice_on": ("radiobox_marked", 0xF043E),
    "box_off": ("checkbox_blank_outline", 0xF0131),
    "box_on": ("checkbox_marked", 0xF0132),
    "sun": ("weather_sunny", 0xF0599),
    "mountain": ("image_filter_hdr", 0xF02F5),
    "flower": ("flower_tulip_outline", 0xF09F2),
    "horse": ("horse_variant", 0xF15C1),
    "moon": ("moon_waning_crescent", 0xF0F65),
    "bird": ("bird", 0xF15C6),
    "note": ("music_note", 0xF0387),
    "ball": ("soccer", 0xF04B8),
    "smile": ("emoticon_happy_outline", 0xF01F5),
    "tree": ("tree_outline", 0xF0E69),
    "fish": ("fish", 0xF023A),
    "rocket": ("rocket_launch_outline", 0xF14DF),
    "star_face": ("star_face", 0xF09A5),
    "yurt": ("tent", 0xF0508),
    "apple": ("food_apple_outline", 0xF0C84),
    "cat": ("cat", 0xF011B),
    "sheep": ("sheep", 0xF0CC6),
    "kite": ("kite", 0xF1985),
    "airplane": ("airplane", 0xF001D),
    "bicycle": ("bicycle", 0xF109C),
    "guitar": ("guitar_acoustic", 0xF0771),
    "butterfly": ("butterfly_outline", 0xF158A),
    "algebra": ("function_variant", 0xF0871),
    "physics": ("atom", 0xF0768),
    "biology": ("sprout_outline", 0xF0E67),
    "language_subject": ("alphabet_cyrillic", 0xF132D),
    "history": ("castle", 0xF011A),
    "chemistry": ("flask_outline", 0xF0096),
    "geography": ("earth", 0xF01E7),
    "subject": ("shape_outline", 0xF0832),
}
"""Our name -> (the package's name, code point)."""

FONT_PACKAGE = "fonticon_mdi7"
FONT_FILE = "fonts/materialdesignicons-webfont.ttf"


def glyph(name: str) -> str:
    """Return the character of an icon; raise KeyError when we have no such icon."""
    return chr(ICONS[name][1])


@lru_cache(maxsize=1)
def font_path() -> str:
    """Return the icon font's file; raise FileNotFoundError when the package is not installed."""
    spec = importlib.util.find_spec(FONT_PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / FONT_FILE
        if path.is_file():
            return str(path)
    raise FileNotFoundError(f"{FONT_FILE}: install fonticon-materialdesignicons7")
