//! The instructions of pickles by their codes, as Python's `pickletools` names them.

use crate::weights::file::Fault;

pub(super) const MARK: u8 = b'(';
pub(super) const STOP: u8 = b'.';
pub(super) const NONE: u8 = b'N';
pub(super) const NEW_TRUE: u8 = 0x88;
pub(super) const NEW_FALSE: u8 = 0x89;
pub(super) const BIN_INT: u8 = b'J';
pub(super) const BIN_INT_1: u8 = b'K';
pub(super) const BIN_INT_2: u8 = b'M';
pub(super) const LONG_1: u8 = 0x8a;
pub(super) const LONG_4: u8 = 0x8b;
pub(super) const BIN_FLOAT: u8 = b'G';
pub(super) const BIN_UNICODE: u8 = b'X';
pub(super) const SHORT_BIN_UNICODE: u8 = 0x8c;
pub(super) const BIN_UNICODE_8: u8 = 0x8d;
pub(super) const BIN_STRING: u8 = b'T';
pub(super) const SHORT_BIN_STRING: u8 = b'U';
pub(super) const BIN_BYTES: u8 = b'B';
pub(super) const SHORT_BIN_BYTES: u8 = b'C';
pub(super) const EMPTY_TUPLE: u8 = b')';
pub(super) const TUPLE: u8 = b't';
pub(super) const TUPLE_1: u8 = 0x85;
pub(super) const TUPLE_2: u8 = 0x86;
pub(super) const TUPLE_3: u8 = 0x87;
pub(super) const EMPTY_LIST: u8 = b']';
pub(super) const APPEND: u8 = b'a';
pub(super) const APPENDS: u8 = b'e';
pub(super) const EMPTY_DICT: u8 = b'}';
pub(super) const SET_ITEM: u8 = b's';
pub(super) const SET_ITEMS: u8 = b'u';
pub(super) const BIN_PUT: u8 = b'q';
pub(super) const LONG_BIN_PUT: u8 = b'r';
pub(super) const MEMOIZE: u8 = 0x94;
pub(super) const BIN_GET: u8 = b'h';
pub(super) const LONG_BIN_GET: u8 = b'j';
pub(super) const GLOBAL: u8 = b'c';
pub(super) const STACK_GLOBAL: u8 = 0x93;
pub(super) const REDUCE: u8 = b'R';
pub(super) const BUILD: u8 = b'b';
pub(super) const BIN_PERSISTENT_ID: u8 = b'Q';
pub(super) const PROTOCOL: u8 = 0x80;
pub(super) const FRAME: u8 = 0x95;

/// Instructions that make or fetch objects of any class. They are known in order to be refused by name.
const DANGEROUS: [(u8, &str); 7] = [
    (b'i', "INST"),
    (b'o', "OBJ"),
    (0x81, "NEWOBJ"),
    (0x92, "NEWOBJ_EX"),
    (0x82, "EXT1"),
    (0x83, "EXT2"),
    (0x84, "EXT4"),
];

/// The refusal of an instruction that is not among the others.
pub(super) fn refused(code: u8) -> Fault {
    match DANGEROUS.iter().find(|(dangerous, _)| *dangerous == code) {
        Some((_, name)) => Fault::Unusable(format!(
            "is refused, and nothing in it was run: its pickle has the instruction `{name}`, which makes objects, but weights are \
             tensors in dictionaries, lists and tuples"
        )),
        None => Fault::Damaged(format!("its pickle has the instruction {code:#04x}, which PyTorch does not write")),
    }
}
