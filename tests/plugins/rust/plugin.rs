//! A plugin in Rust: one route, and panics that stop at the boundary.
#![allow(non_upper_case_globals)]
mod junmai;

use junmai::{Entry, Error, Host, Http, Id, Plugin, Request, Route, Span, Status};
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};

macro_rules! cstr {
    ($text:expr) => {
        concat!($text, "\0").as_ptr() as *const c_char
    };
}

struct State {
    host: *const Host,
    http: *const Http,
    error: *const Error,
    asked: u64,
}

unsafe fn table<T>(host: *const Host, id: *const c_char) -> *const T {
    ((*host).get_extension)(host, id) as *const T
}

/// Nothing unwinds across the boundary.
unsafe fn guarded(state: *const State, function: impl FnOnce() -> Status) -> Status {
    catch_unwind(AssertUnwindSafe(function)).unwrap_or_else(|_| {
        ((*(*state).error).set)((*state).host, junmai::EPANIC, Span::of("a panic was stopped"))
    })
}

unsafe fn param(state: &State, request: Id) -> Result<String, Status> {
    let mut word = Span { ptr: std::ptr::null(), len: 0 };
    match ((*state.http).get_param)(state.host, request, cstr!("word"), &mut word) {
        junmai::OK => Ok(word.text().to_owned()),
        status => Err(status),
    }
}

extern "C" fn reverse(user: *mut c_void, request: *const Request) -> Status {
    unsafe {
        let state = user as *mut State;
        guarded(state, || {
            let word = match param(&*state, (*request).id) {
                Ok(word) => word,
                Err(status) => return status,
            };
            if word == "panic" {
                panic!("on purpose");
            }
            (*state).asked += 1;
            let reversed: String = word.chars().rev().collect();
            let json = format!("{{\"reversed\":\"{}\",\"asked\":{}}}", reversed, (*state).asked);
            ((*(*state).http).respond)((*state).host, (*request).id, 200, Span::of(&json))
        })
    }
}

extern "C" fn init(plugin: *const Plugin) -> Status {
    unsafe {
        let state = (*plugin).plugin_data as *mut State;
        (*state).http = table((*state).host, cstr!("junmai.http/1"));
        (*state).error = table((*state).host, cstr!("junmai.error/1"));
        guarded(state, || {
            let route = Route {
                size: std::mem::size_of::<Route>() as u32,
                flags: 0,
                method: cstr!("GET"),
                path: cstr!("/rust/reverse/{word}"),
                help: cstr!("The word, backwards."),
                query: std::ptr::null(),
                handler: reverse,
                user: state as *mut c_void,
            };
            ((*(*state).http).add_route)((*state).host, &route)
        })
    }
}

extern "C" fn nothing(_plugin: *const Plugin) -> Status {
    junmai::OK
}

extern "C" fn destroy(plugin: *const Plugin) {
    unsafe {
        drop(Box::from_raw((*plugin).plugin_data as *mut State));
        drop(Box::from_raw(plugin as *mut Plugin));
    }
}

extern "C" fn create(host: *const Host) -> *const Plugin {
    let state = State { host, http: std::ptr::null(), error: std::ptr::null(), asked: 0 };
    Box::into_raw(Box::new(Plugin {
        size: std::mem::size_of::<Plugin>() as u32,
        reserved: 0,
        plugin_data: Box::into_raw(Box::new(state)) as *mut c_void,
        init,
        activate: nothing,
        drain: nothing,
        destroy,
        get_extension: None,
    }))
}

#[no_mangle]
pub static junmai_plugin_entry: Entry = Entry {
    magic: junmai::MAGIC,
    size: std::mem::size_of::<Entry>() as u32,
    abi_major: junmai::MAJOR,
    abi_minor: junmai::MINOR,
    flags: 0,
    manifest: concat!(include_str!("manifest.json"), "\0").as_ptr(),
    create,
};
