//! Where a variable is in a function in progress, by the locations of the DWARF.

use gimli::{AttributeValue, EvaluationResult, Expression, Location, Value};

use crate::source::dwarf::Bytes;
use crate::source::values::{Place, Types, constant};
use crate::trace::decode::Memory;
use crate::trace::tracer::Activation;

/// What a location comes to.
pub(super) enum Found {
    At(Place),
    /// The compiler keeps it nowhere.
    Nowhere,
    /// It is in a register that cannot be told.
    Unknown,
}

/// A function in progress, and by how much the program was moved when it was loaded.
pub(super) struct Frame<'a> {
    pub activation: &'a Activation,
    pub base: Option<&'a Expression<Bytes>>,
    pub moved: u64,
    /// The instruction, as the DWARF counts.
    pub at: u64,
}

impl Types<'_> {
    /// Where a location leads; none stands for a variable without one.
    pub(super) fn find(
        &self,
        location: Option<&AttributeValue<Bytes>>,
        frame: &Frame,
        memory: &dyn Memory,
    ) -> Found {
        let expression = match location {
            None => return Found::Nowhere,
            Some(AttributeValue::Exprloc(expression)) => expression.clone(),
            Some(other) => match constant(other.clone()) {
                Some(value) => return Found::At(Place::Known(value)),
                None => match self.listed(other.clone(), frame.at) {
                    Some(Some(expression)) => expression,
                    Some(None) => return Found::Nowhere,
                    None => return Found::Unknown,
                },
            },
        };
        self.evaluated(expression, frame, memory)
            .unwrap_or(Found::Unknown)
    }

    /// Where a list of locations says that a variable is at an instruction, if anywhere; none if it cannot be read.
    fn listed(&self, list: AttributeValue<Bytes>, at: u64) -> Option<Option<Expression<Bytes>>> {
        let mut list = self.dwarf.attr_locations(self.unit, list).ok()??;
        while let Some(entry) = list.next().ok()? {
            if (entry.range.begin..entry.range.end).contains(&at) {
                return Some(Some(entry.data));
            }
        }
        Some(None)
    }

    fn evaluated(
        &self,
        expression: Expression<Bytes>,
        frame: &Frame,
        memory: &dyn Memory,
    ) -> Option<Found> {
        let mut evaluation = expression.evaluation(self.unit.encoding());
        let mut state = evaluation.evaluate().ok()?;
        loop {
            state = match state {
                EvaluationResult::Complete => break,
                EvaluationResult::RequiresFrameBase => {
                    let base = self.frame_base(frame, memory)?;
                    evaluation.resume_with_frame_base(base)
                }
                EvaluationResult::RequiresCallFrameCfa => {
                    evaluation.resume_with_call_frame_cfa(frame.activation.cfa)
                }
                EvaluationResult::RequiresRegister { register, .. } => {
                    let value = Value::Generic(frame.register(register.0)?);
                    evaluation.resume_with_register(value)
                }
                EvaluationResult::RequiresMemory { address, size, .. } => {
                    let mut bytes = [0; 8];
                    let read = memory.read(address, bytes.get_mut(..usize::from(size))?);
                    let value = Value::Generic(u64::from_le_bytes(bytes));
                    (read == usize::from(size)).then(|| evaluation.resume_with_memory(value))?
                }
                EvaluationResult::RequiresRelocatedAddress(address) => {
                    evaluation.resume_with_relocated_address(address.wrapping_add(frame.moved))
                }
                EvaluationResult::RequiresIndexedAddress { index, .. } => {
                    let address = self.dwarf.address(self.unit, index).ok()?;
                    evaluation.resume_with_indexed_address(address.wrapping_add(frame.moved))
                }
                _ => return None,
            }
            .ok()?;
        }
        let pieces = evaluation.result();
        let [piece] = pieces.as_slice() else {
            return pieces.is_empty().then_some(Found::Nowhere);
        };
        match &piece.location {
            Location::Empty => Some(Found::Nowhere),
            Location::Register { register } => {
                Some(Found::At(Place::Known(frame.register(register.0)?)))
            }
            Location::Address { address } => Some(Found::At(Place::Memory(*address))),
            Location::Value { value } => {
                Some(Found::At(Place::Known(value.to_u64(u64::MAX).ok()?)))
            }
            _ => None,
        }
    }

    fn frame_base(&self, frame: &Frame, memory: &dyn Memory) -> Option<u64> {
        let without = Frame {
            base: None,
            ..*frame
        };
        match self.evaluated(frame.base?.clone(), &without, memory)? {
            Found::At(Place::Memory(address) | Place::Known(address)) => Some(address),
            _ => None,
        }
    }
}

impl Frame<'_> {
    /// A register by its number in the DWARF; of those that functions change, only what the unwinder restores.
    fn register(&self, number: u16) -> Option<u64> {
        #[cfg(target_arch = "x86_64")]
        const FRAME_AND_STACK: [u16; 2] = [6, 7];
        #[cfg(not(target_arch = "x86_64"))]
        const FRAME_AND_STACK: [u16; 2] = [29, 31];
        match FRAME_AND_STACK.iter().position(|it| *it == number)? {
            0 => Some(self.activation.frame_pointer),
            _ => Some(self.activation.stack_pointer),
        }
    }
}
