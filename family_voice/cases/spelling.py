"""Names as people write them: one form for letters, and which names may be one name.

Nothing here knows a child. `letters` is the form that every comparison of words begins from;
`skeleton` is what stays of a name from one transliteration to the next; `forms_of_one_name` knows
nicknames.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NICKNAMES = """
abdul abdullah abdallah
abigail abi abby
alexander alex sandy xander sasha
alexandra alex sandy sasha lexi
amelia millie amy
andrew andy drew
anthony tony antony
benjamin ben benji
catherine katherine kathryn kate katie kathy cath cathy kat
charles charlie chas
charlotte charlie lottie
christopher chris kit
christina christine chris chrissie tina
daniel dan danny
danielle dani
david dave davey dai
deborah deb debbie
edward ed eddie ted teddy ned
eleanor ellie nell nellie
elizabeth liz lizzie beth betty eliza libby bess elsie elisabeth
emily em emmie
frances francesca fran frankie
francis frank frankie
frederick fred freddie
gabriel gabe
gabriella gabby
george georgie
georgia georgie
harrison harry
harold harry hal
henry harry hal
isabella bella izzy isabel isobel
jacob jake
james jim jimmy jamie
jennifer jen jenny
jessica jess jessie
john jack johnny jon
jonathan jon johnny
joseph joe joey yusuf yousef
joshua josh
katarzyna kasia
lucy lucia luce
malgorzata gosia
margaret maggie meg peggy
matthew matt mateusz
maximilian max
michael mike mick mikey michal
mohammed muhammad mohamed mohammad muhammed mohamad mo md mhmd
nathaniel nathan nate
nicholas nick nicky
nicola nicky
oliver ollie
olivia liv
patrick pat paddy
patricia pat trish
peter pete
philip phil phillip pip
rebecca becky becca bex
richard rick ricky dick
robert rob bob bobby robbie bert
samuel sam sammy
samantha sam sammy
stephen steve steven stevie
theodore theo
thomas tom tommy
timothy tim
victoria vicky tori
william will bill billy liam
yusra yousra
zachary zach zak zac
""".strip().splitlines()
_FORMS: dict[str, set[int]] = {}
for _number, _names in enumerate(_NICKNAMES):
    for _name in _names.split():
        _FORMS.setdefault(_name, set()).add(_number)

# Letters that have no plain form in Unicode's own decompositions. A speaker may write a name in
# the script she reads. Vowels matter little: `skeleton` drops them.
_LETTERS_AS_ROMAN = """
ł l ø o đ d ð d ħ h ı i æ ae œ oe þ th
а a б b в v г g ґ g д d е e є ye ё yo ж zh з z и y і i ї yi й y к k л l м m н n о o п p р r с s
т t у u ф f х kh ц ts ч ch ш sh щ shch ы y э e ю yu я ya
ا a آ a أ a إ i ٱ a ب b پ p ت t ٹ t ث s ج j چ ch ح h خ kh د d ڈ d ذ z ر r ڑ r ز z ژ zh س s ش sh
ص s ض z ط t ظ z غ gh ف f ق q ک k ك k گ g ل l م m ن n ں n و u ؤ u ہ h ه h ھ h ة a ی i ي i ى i ئ i
ے e
"""
_LETTERS = _LETTERS_AS_ROMAN.split()
_ROMAN = dict(zip(_LETTERS[::2], _LETTERS[1::2], strict=True)) | dict.fromkeys("ъьءع", "")
_BETWEEN = "-‐‑– /,;\t\n\r\x0b\x0c\xa0"
_PLAIN = {
    code: chr(code).lower() if chr(code).isalnum() else " " if chr(code) in _BETWEEN else None
    for code in range(128)
}
_SOUNDS = (
    ("ph", "f"),
    ("kh", "k"),
    ("gh", "g"),
    ("dh", "d"),
    ("th", "t"),
    ("sch", "s"),
    ("sh", "s"),
    ("cz", "c"),
    ("sz", "s"),
    ("ck", "k"),
    ("q", "k"),
    ("w", "v"),
    ("z", "s"),
    ("x", "ks"),
    ("y", "i"),
)
_VOWELS = str.maketrans("", "", "aeiouh")
_DOUBLED = re.compile(r"(.)\1+")


def letters(text: str) -> str:
    """Letters and digits only, without case and accents: "Zoë O'Neil" is "zoe oneil".

    Cyrillic and Arabic letters become Roman ones.
    """
    if not text.isascii():
        text = text.casefold()
        roman = "".join(_ROMAN.get(letter, letter) for letter in unicodedata.normalize("NFC", text))
        text = "".join(
            letter if letter.isalnum() else " " if letter in _BETWEEN or letter.isspace() else ""
            for letter in unicodedata.normalize("NFKD", roman)
        )
    return " ".join(text.translate(_PLAIN).split())


@lru_cache(maxsize=1 << 16)
def skeleton(name: str) -> str:
    """What stays, across transliterations, of a name that `letters` has been applied to: its
    first letter and its consonants."""
    text = name.replace(" ", "")
    for old, new in _SOUNDS:
        text = text.replace(old, new)
    return _DOUBLED.sub(r"\1", text[:1].replace("c", "k") + text[1:].translate(_VOWELS))


def forms_of_one_name(one: str, other: str) -> bool:
    """Whether two names may be one: a nickname, another spelling of the same sounds, or the parts
    of one name in another order.

    It says nothing of who is meant: twins may be called Hassan and Hussain.
    """
    forms = _FORMS.get(one)
    if forms and not forms.isdisjoint(_FORMS.get(other, ())):
        return True
    if " " in one and " " in other and sorted(one.split()) == sorted(other.split()):
        return True
    bones = skeleton(one)
    return len(bones) > 2 and bones == skeleton(other)
