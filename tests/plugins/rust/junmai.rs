//! The part of the Junmai ABI that this fixture uses, mirrored with #[repr(C)].
#![allow(dead_code)]

use std::os::raw::{c_char, c_void};

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Span {
    pub ptr: *const u8,
    pub len: usize,
}

impl Span {
    pub fn of(text: &str) -> Span {
        Span { ptr: text.as_ptr(), len: text.len() }
    }

    /// # Safety
    /// The span is borrowed: the text must not outlive the call that brought it.
    pub unsafe fn text<'a>(self) -> &'a str {
        if self.ptr.is_null() {
            return "";
        }
        std::str::from_utf8(std::slice::from_raw_parts(self.ptr, self.len)).unwrap_or("")
    }
}

pub type Status = i32;
pub type Id = u64;
pub const OK: Status = 0;
pub const EPANIC: Status = -15;

pub const MAGIC: u32 = 0x4a4d_5031;
pub const MAJOR: u16 = 1;
pub const MINOR: u16 = 0;

#[repr(C)]
pub struct Host {
    pub size: u32,
    pub abi_minor: u32,
    pub host_data: *mut c_void,
    pub get_extension: extern "C" fn(*const Host, *const c_char) -> *const c_void,
}

#[repr(C)]
pub struct Plugin {
    pub size: u32,
    pub reserved: u32,
    pub plugin_data: *mut c_void,
    pub init: extern "C" fn(*const Plugin) -> Status,
    pub activate: extern "C" fn(*const Plugin) -> Status,
    pub drain: extern "C" fn(*const Plugin) -> Status,
    pub destroy: extern "C" fn(*const Plugin),
    pub get_extension: Option<extern "C" fn(*const Plugin, *const c_char) -> *const c_void>,
}

#[repr(C)]
pub struct Entry {
    pub magic: u32,
    pub size: u32,
    pub abi_major: u16,
    pub abi_minor: u16,
    pub flags: u32,
    pub manifest: *const u8,
    pub create: extern "C" fn(*const Host) -> *const Plugin,
}

/* Constant, and read by one thread alone. */
unsafe impl Sync for Entry {}

#[repr(C)]
pub struct Request {
    pub size: u32,
    pub reserved: u32,
    pub id: Id,
    pub method: Span,
    pub path: Span,
    pub query: Span,
    pub body: Span,
    pub caller: *const c_void,
}

#[repr(C)]
pub struct Route {
    pub size: u32,
    pub flags: u32,
    pub method: *const c_char,
    pub path: *const c_char,
    pub help: *const c_char,
    pub query: *const c_char,
    pub handler: extern "C" fn(*mut c_void, *const Request) -> Status,
    pub user: *mut c_void,
}

type Get = extern "C" fn(*const Host, Id, *const c_char, *mut Span) -> Status;

#[repr(C)]
pub struct Http {
    pub size: u32,
    pub add_route: extern "C" fn(*const Host, *const Route) -> Status,
    pub get_param: Get,
    pub get_query: Get,
    pub get_header: Get,
    pub set_header: extern "C" fn(*const Host, Id, *const c_char, Span) -> Status,
    pub respond: extern "C" fn(*const Host, Id, i32, Span) -> Status,
}

#[repr(C)]
pub struct Error {
    pub size: u32,
    pub last: extern "C" fn(*const Host) -> Span,
    pub set: extern "C" fn(*const Host, Status, Span) -> Status,
}
