"""What devices can say: one file for each kind, and the vocabulary that they are written in.

A leaf of the project: it needs pydantic and nothing else, and does no I/O.
"""

from schemas._catalogue import KindSpec, kinds
from schemas._declaration import MOST_FIELDS, declared
from schemas._declaration_checks import is_field_name
from schemas._drawing import Combine, Draw
from schemas._flags import (
    ACTIVE,
    DETECTED,
    LOW_GOOD,
    ON_OFF,
    OPEN_CLOSED,
    RAISED,
    YES_NO,
    FlagWords,
)
from schemas._kind import (
    Domain,
    FieldSpec,
    FieldType,
    Kind,
    choice,
    flag,
    number,
    text,
)
from schemas._label import Label
from schemas._units import ENDINGS, Unit, in_letters

__all__ = [
    "ACTIVE",
    "DETECTED",
    "ENDINGS",
    "LOW_GOOD",
    "MOST_FIELDS",
    "ON_OFF",
    "OPEN_CLOSED",
    "RAISED",
    "YES_NO",
    "Combine",
    "Domain",
    "Draw",
    "FieldSpec",
    "FieldType",
    "FlagWords",
    "Kind",
    "KindSpec",
    "Label",
    "Unit",
    "choice",
    "declared",
    "flag",
    "in_letters",
    "is_field_name",
    "kinds",
    "number",
    "text",
]
