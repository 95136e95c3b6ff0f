"""The sheet with a school's recovery code: printed once, in the three languages of a school."""

from __future__ import annotations

from typing import Sequence, Tuple

from sync.recovery import RecoveryCode

WIDTH = 78
_TEXTS: Sequence[Tuple[str, ...]] = (
    (
        "ҚАЛПЫНА КЕЛТІРУ КОДЫ",
        "Оқушы ПИН-кодын, құпиясөзін не суреттерін ұмытса, мұғалім оның ноутбугінде «Есімде жоқ»",
        "дегенді басып, осы 40 цифрды тереді. Оқушы жаңасын таңдайды, жұмысы жоғалмайды.",
        "Бұл парақты кілттеулі жерде сақтаңыз: ол мектептің кез келген оқушысының жұмысын ашады.",
        "Көшірмесі ешқайда сақталмайды.",
    ),
    (
        "КОД ВОССТАНОВЛЕНИЯ",
        "Если ученик забыл ПИН-код, пароль или картинки, учитель нажимает на его ноутбуке «Не",
        "помню» и набирает эти 40 цифр. Ученик выбирает новое, и ничто из его работы не пропадает.",
        "Храните этот лист под замком: он открывает работу любого ученика школы. Копии нет нигде.",
    ),
    (
        "RECOVERY CODE",
        "If a pupil forgets the PIN, password or pictures, a teacher chooses “I forgot it” on the",
        "pupil's laptop and types these 40 digits. The pupil chooses anew, and no work is lost.",
        "Keep this sheet locked away: it opens the work of any pupil of the school. There is no",
        "copy anywhere.",
    ),
)


def sheet(school: str, code: RecoveryCode, key: str) -> str:
    """Return the text to print: what the code is for, the code in two rows, and its key's name."""
    groups = str(code).split()
    rows = ["   ".join(groups[:4]), "   ".join(groups[4:])]
    parts = [
        school.center(WIDTH).rstrip(),
        "\n".join(row.center(WIDTH).rstrip() for row in rows),
        *("\n".join(lines) for lines in _TEXTS),
        key.rjust(WIDTH),
    ]
    line = "=" * WIDTH
    return "\n\n".join([line, *parts, line])
