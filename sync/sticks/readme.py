"""What a person who opens the folder on a stick reads there."""

from __future__ import annotations

README_TEXT = """\
KERUEN

[kk] Бұл қалтада Keruen бағдарламасының сабақтары мен мектептің жабық хаттары жатыр.
Қалтаны көшіруге болады, ал ішіндегіні өзгертпеңіз. Мұнда іске қосатын ештеңе жоқ.
Флешканы тауып алсаңыз, жақын жердегі мектепке беріңізші: хаттарды басқа ешкім оқи алмайды.

[ru] В этой папке лежат уроки программы Keruen и запечатанные письма школы.
Папку можно копировать, но не меняйте ничего внутри. Запускать здесь нечего.
Если вы нашли эту флешку, отдайте её, пожалуйста, в ближайшую школу: письма не прочтёт никто чужой.

[en] This folder holds lessons of the program Keruen and a school's sealed letters.
You may copy the folder, but do not change what is in it. Nothing here is to be started.
If you found this stick, please hand it in at the nearest school: nobody else can read the letters.
"""


def readme_bytes() -> bytes:
    """Return the file: UTF-8 with the mark and the line ends that old Windows editors need."""
    return b"\xef\xbb\xbf" + README_TEXT.replace("\n", "\r\n").encode("utf-8")
