"""What a browser reads behind a charset's name: mostly more than the name says. Feeds and pages are read alike."""

from types import MappingProxyType
from typing import Final

#: Python's codec of a name, and the wider one that the WHATWG Encoding standard (section 4.2) reads behind it.
WIDER: Final = MappingProxyType(
    {
        "ascii": "cp1252",
        "iso8859-1": "cp1252",
        "iso8859-9": "cp1254",
        "iso8859-11": "cp874",
        "tis-620": "cp874",
        "gb2312": "gb18030",
        "gbk": "gb18030",
        "big5": "big5hkscs",
        "shift_jis": "cp932",
        "euc_kr": "cp949",
    }
)
