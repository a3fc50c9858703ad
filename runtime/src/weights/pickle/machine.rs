//! The machine that a pickle is a program for.

mod objects;

use super::input::{Input, text};
use super::instructions as code;
use super::names::lookup;
use super::{MOST_VALUES, Pickle, Place, Value};
use crate::weights::file::Fault;
use std::collections::HashMap;

/// Protocol 2 is what PyTorch writes unless told otherwise, and 5 the newest there is.
const PROTOCOLS: std::ops::RangeInclusive<u8> = 2..=5;

struct Machine<'a> {
    input: Input<'a>,
    values: Vec<Value>,
    stack: Vec<Place>,
    /// How high the stack was at each mark that is still open.
    marks: Vec<usize>,
    memo: HashMap<usize, Place>,
}

/// Reads a pickle, which may be followed by other bytes.
pub(in crate::weights) fn read(bytes: &[u8]) -> Result<Pickle, Fault> {
    let mut machine = Machine {
        input: Input::new(bytes),
        values: Vec::new(),
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
    };
    loop {
        let instruction = machine.input.byte()?;
        if instruction == code::STOP {
            let root = machine.pop()?;
            return Ok(Pickle { values: machine.values, root, length: machine.input.position() });
        }
        machine.step(instruction)?;
        let most = [machine.values.len(), machine.stack.len(), machine.marks.len(), machine.memo.len()];
        if most.iter().any(|count| *count > MOST_VALUES) {
            return Err(damaged("is larger than that of any network"));
        }
    }
}

fn damaged(what: &str) -> Fault {
    Fault::Damaged(format!("its pickle {what}"))
}

impl Machine<'_> {
    fn step(&mut self, instruction: u8) -> Result<(), Fault> {
        match instruction {
            code::PROTOCOL => self.protocol(),
            code::FRAME => self.input.take(8).map(|_| ()),
            code::MARK => {
                self.marks.push(self.stack.len());
                Ok(())
            }
            code::BIN_PUT => self.input.number(1).and_then(|index| self.remember(index)),
            code::LONG_BIN_PUT => self.input.number(4).and_then(|index| self.remember(index)),
            code::MEMOIZE => self.remember(self.memo.len()),
            code::BIN_GET => self.input.number(1).and_then(|index| self.recall(index)),
            code::LONG_BIN_GET => self.input.number(4).and_then(|index| self.recall(index)),
            code::EMPTY_TUPLE => self.push(Value::Tuple(Vec::new())),
            code::EMPTY_LIST => self.push(Value::List(Vec::new())),
            code::EMPTY_DICT => self.push(Value::Dictionary(Vec::new())),
            code::TUPLE => self.pop_to_mark().and_then(|items| self.push(Value::Tuple(items))),
            code::TUPLE_1 => self.tuple(1),
            code::TUPLE_2 => self.tuple(2),
            code::TUPLE_3 => self.tuple(3),
            code::APPEND => self.pop().and_then(|item| self.append(vec![item])),
            code::APPENDS => self.pop_to_mark().and_then(|items| self.append(items)),
            code::SET_ITEM => self.pop_some(2).and_then(|items| self.set(&items)),
            code::SET_ITEMS => self.pop_to_mark().and_then(|items| self.set(&items)),
            code::GLOBAL => self.global(),
            code::STACK_GLOBAL => self.stack_global(),
            code::REDUCE => self.reduce(),
            code::BUILD => self.build(),
            code::BIN_PERSISTENT_ID => self.storage(),
            other => self.leaf(other),
        }
    }

    /// A value without parts.
    fn leaf(&mut self, instruction: u8) -> Result<(), Fault> {
        let input = &mut self.input;
        let value = match instruction {
            code::NONE | code::NEW_TRUE | code::NEW_FALSE => Value::Plain,
            code::BIN_FLOAT => input.take(8).map(|_| Value::Plain)?,
            code::BIN_INT => integer(input.take(4)?),
            code::BIN_INT_1 => Value::Integer(i64::from(input.byte()?)),
            code::BIN_INT_2 => Value::Integer(i64::try_from(input.number(2)?).unwrap_or(i64::MAX)),
            code::LONG_1 => input.number(1).and_then(|count| input.take(count)).map(integer)?,
            code::LONG_4 => input.number(4).and_then(|count| input.take(count)).map(integer)?,
            code::SHORT_BIN_BYTES => input.number(1).and_then(|count| input.take(count)).map(|_| Value::Plain)?,
            code::BIN_BYTES => input.number(4).and_then(|count| input.take(count)).map(|_| Value::Plain)?,
            code::SHORT_BIN_UNICODE | code::SHORT_BIN_STRING => text_of(input, 1)?,
            code::BIN_UNICODE | code::BIN_STRING => text_of(input, 4)?,
            code::BIN_UNICODE_8 => text_of(input, 8)?,
            other => return Err(code::refused(other)),
        };
        self.push(value)
    }

    fn protocol(&mut self) -> Result<(), Fault> {
        let protocol = self.input.byte()?;
        if PROTOCOLS.contains(&protocol) {
            Ok(())
        } else {
            Err(damaged(&format!("has the unknown protocol {protocol}")))
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "all instructions have one form")]
    fn push(&mut self, value: Value) -> Result<(), Fault> {
        self.stack.push(self.values.len());
        self.values.push(value);
        Ok(())
    }

    fn pop(&mut self) -> Result<Place, Fault> {
        // What lies below an open mark is not for this instruction.
        if self.marks.last().is_some_and(|mark| self.stack.len() <= *mark) {
            return Err(damaged("takes more from its stack than is there"));
        }
        self.stack.pop().ok_or_else(|| damaged("takes more from its stack than is there"))
    }

    fn pop_some(&mut self, count: usize) -> Result<Vec<Place>, Fault> {
        let mut items = (0..count).map(|_| self.pop()).collect::<Result<Vec<_>, _>>()?;
        items.reverse();
        Ok(items)
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Place>, Fault> {
        let mark = self.marks.pop().filter(|mark| *mark <= self.stack.len());
        Ok(self.stack.split_off(mark.ok_or_else(|| damaged("ends a list that it never began"))?))
    }

    fn value(&self, place: Place) -> Result<&Value, Fault> {
        self.values.get(place).ok_or_else(|| damaged("names a value that it never made"))
    }

    fn top(&mut self) -> Result<&mut Value, Fault> {
        let place = self.stack.last().copied();
        place.and_then(|place| self.values.get_mut(place)).ok_or_else(|| damaged("has an empty stack"))
    }

    fn remember(&mut self, index: usize) -> Result<(), Fault> {
        let place = *self.stack.last().ok_or_else(|| damaged("has an empty stack"))?;
        self.memo.insert(index, place);
        Ok(())
    }

    fn recall(&mut self, index: usize) -> Result<(), Fault> {
        let place = *self.memo.get(&index).ok_or_else(|| damaged("names a value that it never made"))?;
        self.stack.push(place);
        Ok(())
    }

    fn tuple(&mut self, count: usize) -> Result<(), Fault> {
        let items = self.pop_some(count)?;
        self.push(Value::Tuple(items))
    }

    fn append(&mut self, items: Vec<Place>) -> Result<(), Fault> {
        let Value::List(list) = self.top()? else { return Err(damaged("appends to what is no list")) };
        list.extend(items);
        Ok(())
    }

    fn set(&mut self, items: &[Place]) -> Result<(), Fault> {
        let (pairs, rest) = items.as_chunks();
        let Value::Dictionary(entries) = self.top()? else {
            return Err(damaged("sets entries of what is no dictionary"));
        };
        if !rest.is_empty() {
            return Err(damaged("sets a key without a value"));
        }
        entries.extend(pairs.iter().map(|[key, value]| (*key, *value)));
        Ok(())
    }

    fn global(&mut self) -> Result<(), Fault> {
        let (module, name) = (self.input.line()?, self.input.line()?);
        self.push(Value::Name(lookup(module, name)?))
    }

    fn stack_global(&mut self) -> Result<(), Fault> {
        let places = self.pop_some(2)?;
        let names: Vec<&str> = places.iter().filter_map(|place| as_text(self.value(*place).ok()?)).collect();
        let [module, name] = names.as_slice() else { return Err(damaged("has a name that is no text")) };
        let name = lookup(module, name)?;
        self.push(Value::Name(name))
    }
}

fn as_text(value: &Value) -> Option<&str> {
    if let Value::Text(text) = value { Some(text) } else { None }
}

/// A number with a sign, the lowest byte first. One that is too large for a length is none.
fn integer(bytes: &[u8]) -> Value {
    let sign = if bytes.last().is_some_and(|byte| *byte >= 0x80) { 0xff } else { 0 };
    let mut wide = [sign; 8];
    if bytes.len() > wide.len() {
        return Value::Plain;
    }
    for (place, byte) in wide.iter_mut().zip(bytes) {
        *place = *byte;
    }
    Value::Integer(i64::from_le_bytes(wide))
}

fn text_of(input: &mut Input<'_>, length_bytes: usize) -> Result<Value, Fault> {
    let length = input.number(length_bytes)?;
    Ok(Value::Text(text(input.take(length)?)?.to_owned()))
}
