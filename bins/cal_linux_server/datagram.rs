//! C's `struct cal_data`: the form of a datagram, of server and client alike.
//!
//! As in C, the numbers in it stand in network order: `htonl` puts them in, `ntohl` takes them out.
#![allow(non_camel_case_types)]

use libc::{c_int, c_short};

pub struct cal_data {
    pub left_num: c_int,
    pub right_num: c_int,
    pub op: u8,
    pub result: c_int,
    pub error: c_short,
}

impl cal_data {
    /// The struct as C has it in memory. Its gaps, three bytes behind `op` and two
    /// at the end, since an `int` begins at a multiple of four, are zeros here.
    pub fn to_bytes(&self) -> [u8; 20] {
        let [l0, l1, l2, l3] = self.left_num.to_ne_bytes();
        let [r0, r1, r2, r3] = self.right_num.to_ne_bytes();
        let [s0, s1, s2, s3] = self.result.to_ne_bytes();
        let [e0, e1] = self.error.to_ne_bytes();
        [
            l0, l1, l2, l3, r0, r1, r2, r3, self.op, 0, 0, 0, s0, s1, s2, s3, e0, e1, 0, 0,
        ]
    }

    /// The struct out of C's memory; what stands in the gaps means nothing.
    pub fn from_bytes(bytes: [u8; 20]) -> cal_data {
        let [
            l0,
            l1,
            l2,
            l3,
            r0,
            r1,
            r2,
            r3,
            op,
            _,
            _,
            _,
            s0,
            s1,
            s2,
            s3,
            e0,
            e1,
            _,
            _,
        ] = bytes;
        cal_data {
            left_num: c_int::from_ne_bytes([l0, l1, l2, l3]),
            right_num: c_int::from_ne_bytes([r0, r1, r2, r3]),
            op,
            result: c_int::from_ne_bytes([s0, s1, s2, s3]),
            error: c_short::from_ne_bytes([e0, e1]),
        }
    }
}
