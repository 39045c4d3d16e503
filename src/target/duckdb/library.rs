//! DuckDB's C API, loaded from its library: the only unsafe code here, and only ever run in the worker's process.
//!
//! What is promised to the C side: a handle is used before it is destroyed and destroyed once, which the types
//! below see to; strings given are NUL-terminated for the time of the call; a vector is read while its chunk lives.
#![allow(unsafe_code, reason = "a C library has no other door")]

use super::values::{Shape, VALUE_CHARS, ValueType};
use crate::target::{ResultColumn, Rows};
use libloading::Library;
use std::ffi::{CStr, CString, OsString, c_char, c_void};
use std::marker::PhantomData;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr::null_mut;

type Handle = *mut c_void;

/// As the header declares it; passed by value to `duckdb_fetch_chunk`.
#[repr(C)]
#[derive(Clone, Copy)]
struct CResult {
    columns: u64,
    rows: u64,
    changed: u64,
    column_data: *mut c_void,
    error: *mut c_char,
    internal: *mut c_void,
}

/// A string or blob within a vector: up to twelve bytes stand in it, more behind a pointer.
#[repr(C)]
#[derive(Clone, Copy)]
struct CString16 {
    length: u32,
    prefix: [u8; 4],
    rest: [u8; 8],
}

macro_rules! functions {
    ($($name:ident($($argument:ty),*) $(-> $result:ty)?;)*) => {
        #[allow(non_snake_case)]
        struct Functions {
            $($name: unsafe extern "C" fn($($argument),*) $(-> $result)?,)*
            /// Last, so that it goes after everything that points into it.
            _library: Library,
        }

        impl Functions {
            fn load(path: &Path) -> Result<Self, libloading::Error> {
                // SAFETY: the library's initialisers are DuckDB's, and the signatures are those of its header
                unsafe {
                    let library = Library::new(path)?;
                    Ok(Self {
                        $($name: *library.get(concat!("duckdb_", stringify!($name)).as_bytes())?,)*
                        _library: library,
                    })
                }
            }
        }
    };
}

functions! {
    library_version() -> *const c_char;
    create_config(*mut Handle) -> u32;
    set_config(Handle, *const c_char, *const c_char) -> u32;
    destroy_config(*mut Handle);
    open_ext(*const c_char, *mut Handle, Handle, *mut *mut c_char) -> u32;
    connect(Handle, *mut Handle) -> u32;
    disconnect(*mut Handle);
    close(*mut Handle);
    free(*mut c_void);
    prepare(Handle, *const c_char, *mut Handle) -> u32;
    prepare_error(Handle) -> *const c_char;
    nparams(Handle) -> u64;
    prepared_statement_type(Handle) -> u32;
    destroy_prepare(*mut Handle);
    execute_prepared_streaming(Handle, *mut CResult) -> u32;
    result_error(*mut CResult) -> *const c_char;
    destroy_result(*mut CResult);
    column_count(*mut CResult) -> u64;
    column_name(*mut CResult, u64) -> *const c_char;
    column_logical_type(*mut CResult, u64) -> Handle;
    fetch_chunk(CResult) -> Handle;
    destroy_data_chunk(*mut Handle);
    data_chunk_get_size(Handle) -> u64;
    data_chunk_get_vector(Handle, u64) -> Handle;
    vector_get_data(Handle) -> *mut c_void;
    vector_get_validity(Handle) -> *mut u64;
    list_vector_get_child(Handle) -> Handle;
    array_vector_get_child(Handle) -> Handle;
    struct_vector_get_child(Handle, u64) -> Handle;
    get_type_id(Handle) -> u32;
    logical_type_get_alias(Handle) -> *mut c_char;
    destroy_logical_type(*mut Handle);
    decimal_width(Handle) -> u8;
    decimal_scale(Handle) -> u8;
    decimal_internal_type(Handle) -> u32;
    enum_internal_type(Handle) -> u32;
    enum_dictionary_size(Handle) -> u32;
    enum_dictionary_value(Handle, u64) -> *mut c_char;
    list_type_child_type(Handle) -> Handle;
    array_type_child_type(Handle) -> Handle;
    array_type_array_size(Handle) -> u64;
    map_type_key_type(Handle) -> Handle;
    map_type_value_type(Handle) -> Handle;
    struct_type_child_count(Handle) -> u64;
    struct_type_child_name(Handle, u64) -> *mut c_char;
    struct_type_child_type(Handle, u64) -> Handle;
    union_type_member_count(Handle) -> u64;
    union_type_member_name(Handle, u64) -> *mut c_char;
    union_type_member_type(Handle, u64) -> Handle;
}

const SUCCESS: u32 = 0;
/// Of `duckdb_statement_type`: the two that return rows and change nothing.
const SELECT: u32 = 1;
const EXPLAIN: u32 = 3;
/// Of a plan no more is read.
const PLAN_BYTES: usize = 16 << 20;
/// Types deeper than this are shown as text that says so.
const MAX_DEPTH: usize = 32;

/// One file, open for reading.
pub(super) struct Database {
    connection: Handle,
    database: Handle,
    functions: Functions,
}

pub(super) struct Opened {
    pub database: Database,
    pub version: String,
}

impl Database {
    pub fn open(
        library: Option<&Path>,
        path: &Path,
        memory_mib: u64,
        threads: u32,
    ) -> Result<Opened, String> {
        let name = library.unwrap_or(Path::new("libduckdb.so"));
        let functions = Functions::load(name).map_err(|error| {
            format!("DuckDB's library cannot be loaded: {error}. Set QF_DUCKDB_LIBRARY to a libduckdb.so")
        })?;
        let c_path = CString::new(OsString::from(path).as_bytes())
            .map_err(|_| "the file's name holds a NUL".to_owned())?;
        let options = [
            ("access_mode", "READ_ONLY".to_owned()),
            ("memory_limit", format!("{memory_mib}MiB")),
            ("threads", threads.to_string()),
            ("temp_directory", String::new()),
            ("max_temp_directory_size", "0KiB".to_owned()),
            ("autoinstall_known_extensions", "false".to_owned()),
            ("autoload_known_extensions", "false".to_owned()),
            ("allow_community_extensions", "false".to_owned()),
            ("allow_persistent_secrets", "false".to_owned()),
            ("enable_external_access", "false".to_owned()),
            ("lock_configuration", "true".to_owned()),
        ];
        let mut config = null_mut();
        let mut database = null_mut();
        let mut connection = null_mut();
        // SAFETY: handles are made before they are used; the error's text is freed by DuckDB's own function
        unsafe {
            if (functions.create_config)(&raw mut config) != SUCCESS {
                return Err("DuckDB makes no configuration".to_owned());
            }
            for (name, value) in options {
                let (c_name, c_value) = (c_string(name)?, c_string(&value)?);
                if (functions.set_config)(config, c_name.as_ptr(), c_value.as_ptr()) != SUCCESS {
                    (functions.destroy_config)(&raw mut config);
                    return Err(format!("this DuckDB has no setting {name}"));
                }
            }
            let mut error = null_mut();
            let state =
                (functions.open_ext)(c_path.as_ptr(), &raw mut database, config, &raw mut error);
            (functions.destroy_config)(&raw mut config);
            if state != SUCCESS {
                let said = text(error);
                if !error.is_null() {
                    (functions.free)(error.cast());
                }
                return Err(said);
            }
            if (functions.connect)(database, &raw mut connection) != SUCCESS {
                (functions.close)(&raw mut database);
                return Err("DuckDB gives no connection".to_owned());
            }
            let version = text((functions.library_version)());
            Ok(Opened {
                database: Self {
                    connection,
                    database,
                    functions,
                },
                version,
            })
        }
    }

    /// The rows of a statement that only selects, up to the caps.
    pub fn run(&self, sql: &str, max_rows: usize, max_bytes: usize) -> Result<Rows, String> {
        let statement = self.prepared(sql)?;
        if !matches!(statement.kind(), SELECT | EXPLAIN) {
            return Err("Permission Error: only a query may run".to_owned());
        }
        let result = statement.execute()?;
        result.rows(max_rows, max_bytes, VALUE_CHARS)
    }

    /// The plan as JSON, where this DuckDB has that, or in its own picture.
    pub fn explain(&self, sql: &str) -> Result<String, String> {
        // by itself first: positions are then the text's own
        if self.prepared(sql)?.kind() != SELECT {
            return Err("Permission Error: only a query may be explained".to_owned());
        }
        let statement = self
            .prepared(&format!("explain (format json) {sql}"))
            .or_else(|_| self.prepared(&format!("explain {sql}")))?;
        // one value holds it all, and cut it is no JSON
        let rows = statement.execute()?.rows(100, PLAN_BYTES, PLAN_BYTES)?;
        let parts = rows.rows.iter().filter_map(|row| row.last()?.as_str());
        Ok(parts.collect::<Vec<_>>().join("\n"))
    }

    fn prepared(&self, sql: &str) -> Result<Statement<'_>, String> {
        let c_sql = c_string(sql)?;
        let mut handle = null_mut();
        // SAFETY: the statement is destroyed with `Statement`, also when preparing failed
        let state =
            unsafe { (self.functions.prepare)(self.connection, c_sql.as_ptr(), &raw mut handle) };
        let statement = Statement {
            functions: &self.functions,
            handle,
        };
        if state != SUCCESS {
            // SAFETY: a failed statement still tells why
            return Err(unsafe { text((self.functions.prepare_error)(handle)) });
        }
        // SAFETY: the statement was prepared
        if unsafe { (self.functions.nparams)(handle) } > 0 {
            return Err("Binder Error: the query has a placeholder without a value".to_owned());
        }
        Ok(statement)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // SAFETY: both were made by `open`, and nothing of them is left
        unsafe {
            (self.functions.disconnect)(&raw mut self.connection);
            (self.functions.close)(&raw mut self.database);
        }
    }
}

struct Statement<'d> {
    functions: &'d Functions,
    handle: Handle,
}

impl<'d> Statement<'d> {
    fn kind(&self) -> u32 {
        // SAFETY: it was prepared
        unsafe { (self.functions.prepared_statement_type)(self.handle) }
    }

    fn execute(&self) -> Result<Streamed<'d>, String> {
        let mut result = CResult {
            columns: 0,
            rows: 0,
            changed: 0,
            column_data: null_mut(),
            error: null_mut(),
            internal: null_mut(),
        };
        // SAFETY: the result is destroyed with `Streamed`, also when executing failed
        let state =
            unsafe { (self.functions.execute_prepared_streaming)(self.handle, &raw mut result) };
        let mut streamed = Streamed {
            functions: self.functions,
            result,
        };
        if state != SUCCESS {
            return Err(streamed.error());
        }
        Ok(streamed)
    }
}

impl Drop for Statement<'_> {
    fn drop(&mut self) {
        // SAFETY: it is ours; DuckDB takes a null as well
        unsafe { (self.functions.destroy_prepare)(&raw mut self.handle) }
    }
}

/// A result whose rows are made while they are read.
struct Streamed<'d> {
    functions: &'d Functions,
    result: CResult,
}

impl Streamed<'_> {
    fn error(&mut self) -> String {
        // SAFETY: the text belongs to the result
        unsafe { text((self.functions.result_error)(&raw mut self.result)) }
    }

    /// `value_chars`: of a longer value, the rest is cut.
    fn rows(
        mut self,
        max_rows: usize,
        max_bytes: usize,
        value_chars: usize,
    ) -> Result<Rows, String> {
        let functions = self.functions;
        // SAFETY: the result lives as long as `self`
        let count = unsafe { (functions.column_count)(&raw mut self.result) };
        let mut columns = Vec::new();
        let mut types = Vec::new();
        for at in 0..count {
            // SAFETY: `at` is a column; the type is destroyed with `LogicalType`
            let (name, logical) = unsafe {
                (
                    text((functions.column_name)(&raw mut self.result, at)),
                    LogicalType {
                        functions,
                        handle: (functions.column_logical_type)(&raw mut self.result, at),
                    },
                )
            };
            let value_type = logical.read(0);
            columns.push(ResultColumn {
                name,
                data_type: value_type.name(),
                kind: value_type.kind(),
            });
            types.push(value_type);
        }
        let mut rows = Vec::new();
        let mut truncated = false;
        let mut bytes = 0;
        'chunks: loop {
            // SAFETY: as above; the chunk is destroyed with `Chunk`
            let handle = unsafe { (functions.fetch_chunk)(self.result) };
            if handle.is_null() {
                let error = self.error();
                if !error.is_empty() {
                    return Err(error);
                }
                break;
            }
            let chunk = Chunk { functions, handle };
            let vectors: Vec<Vector<'_>> = (0..count).map(|at| chunk.vector(at)).collect();
            for row in 0..chunk.len() {
                if rows.len() == max_rows {
                    truncated = true;
                    break 'chunks;
                }
                let mut values = Vec::with_capacity(types.len());
                for (value_type, vector) in types.iter().zip(&vectors) {
                    let (value, size, cut) = value_type.value(vector, row, value_chars);
                    bytes += size;
                    if bytes > max_bytes {
                        truncated = true;
                        break 'chunks;
                    }
                    truncated |= cut;
                    values.push(value);
                }
                rows.push(values);
            }
        }
        Ok(Rows {
            columns,
            rows,
            truncated,
            elapsed_ms: 0,
        })
    }
}

impl Drop for Streamed<'_> {
    fn drop(&mut self) {
        // SAFETY: it is ours
        unsafe { (self.functions.destroy_result)(&raw mut self.result) }
    }
}

struct Chunk<'d> {
    functions: &'d Functions,
    handle: Handle,
}

impl Chunk<'_> {
    fn len(&self) -> usize {
        // SAFETY: the chunk is there
        let size = unsafe { (self.functions.data_chunk_get_size)(self.handle) };
        usize::try_from(size).unwrap_or(usize::MAX)
    }

    fn vector(&self, column: u64) -> Vector<'_> {
        // SAFETY: the column exists, and the vector lives as long as its chunk
        let handle = unsafe { (self.functions.data_chunk_get_vector)(self.handle, column) };
        Vector {
            functions: self.functions,
            handle,
            chunk: PhantomData,
        }
    }
}

impl Drop for Chunk<'_> {
    fn drop(&mut self) {
        // SAFETY: it is ours
        unsafe { (self.functions.destroy_data_chunk)(&raw mut self.handle) }
    }
}

/// One column of a chunk, or what lies within one.
pub(super) struct Vector<'c> {
    functions: &'c Functions,
    handle: Handle,
    chunk: PhantomData<&'c ()>,
}

impl<'c> Vector<'c> {
    pub fn is_null(&self, row: usize) -> bool {
        // SAFETY: the mask has a bit for each row of the vector; no mask means no nulls
        unsafe {
            let mask = (self.functions.vector_get_validity)(self.handle);
            !mask.is_null() && (*mask.add(row / 64) >> (row % 64)) & 1 == 0
        }
    }

    /// The value of a fixed size in `row`; `N` is the size that the vector's type has.
    pub fn fixed<const N: usize>(&self, row: usize) -> [u8; N] {
        // SAFETY: the data is an array of values of that size, and the row is one of it
        unsafe {
            let data: *const [u8; N] = (self.functions.vector_get_data)(self.handle).cast();
            data.add(row).read_unaligned()
        }
    }

    /// The bytes of a text, blob or bit string.
    pub fn bytes(&self, row: usize) -> &'c [u8] {
        // SAFETY: as `fixed`; the bytes live as long as the chunk, here or behind the pointer
        unsafe {
            let data: *const CString16 = (self.functions.vector_get_data)(self.handle).cast();
            let at = data.add(row);
            let length = (*at).length as usize;
            let bytes: *const u8 = if length <= 12 {
                (&raw const (*at).prefix).cast()
            } else {
                usize::from_ne_bytes((*at).rest) as *const u8
            };
            if bytes.is_null() {
                return &[];
            }
            std::slice::from_raw_parts(bytes, length)
        }
    }

    pub fn list_child(&self) -> Self {
        // SAFETY: the vector is a list or a map
        self.child(unsafe { (self.functions.list_vector_get_child)(self.handle) })
    }

    pub fn array_child(&self) -> Self {
        // SAFETY: the vector is an array
        self.child(unsafe { (self.functions.array_vector_get_child)(self.handle) })
    }

    pub fn struct_child(&self, at: usize) -> Self {
        // SAFETY: the vector is a struct or a union, with that many children
        self.child(unsafe { (self.functions.struct_vector_get_child)(self.handle, at as u64) })
    }

    fn child(&self, handle: Handle) -> Self {
        Self {
            functions: self.functions,
            handle,
            chunk: PhantomData,
        }
    }
}

struct LogicalType<'d> {
    functions: &'d Functions,
    handle: Handle,
}

impl LogicalType<'_> {
    /// All that is needed to read values of it.
    fn read(&self, depth: usize) -> ValueType {
        let functions = self.functions;
        let id = self.id();
        if depth > MAX_DEPTH {
            return ValueType::of(Shape::Unknown(id));
        }
        // SAFETY: each function is asked of the kind of type that it is for; children are types of their own
        unsafe {
            let child = |handle: Handle| LogicalType { functions, handle }.read(depth + 1);
            let shape = match id {
                19 => Shape::Decimal {
                    width: (functions.decimal_width)(self.handle),
                    scale: (functions.decimal_scale)(self.handle),
                    internal: (functions.decimal_internal_type)(self.handle),
                },
                23 => Shape::Enum {
                    internal: (functions.enum_internal_type)(self.handle),
                    labels: (0..(functions.enum_dictionary_size)(self.handle))
                        .map(|at| {
                            self.owned((functions.enum_dictionary_value)(self.handle, at.into()))
                        })
                        .collect(),
                },
                24 => Shape::List(Box::new(child((functions.list_type_child_type)(
                    self.handle,
                )))),
                33 => Shape::Array(
                    Box::new(child((functions.array_type_child_type)(self.handle))),
                    usize::try_from((functions.array_type_array_size)(self.handle)).unwrap_or(0),
                ),
                26 => Shape::Map(
                    Box::new(child((functions.map_type_key_type)(self.handle))),
                    Box::new(child((functions.map_type_value_type)(self.handle))),
                ),
                25 => Shape::Struct(
                    (0..(functions.struct_type_child_count)(self.handle))
                        .map(|at| {
                            (
                                self.owned((functions.struct_type_child_name)(self.handle, at)),
                                child((functions.struct_type_child_type)(self.handle, at)),
                            )
                        })
                        .collect(),
                ),
                28 => Shape::Union(
                    (0..(functions.union_type_member_count)(self.handle))
                        .map(|at| {
                            (
                                self.owned((functions.union_type_member_name)(self.handle, at)),
                                child((functions.union_type_member_type)(self.handle, at)),
                            )
                        })
                        .collect(),
                ),
                id => Shape::of_id(id),
            };
            let alias = (functions.logical_type_get_alias)(self.handle);
            let alias = (!alias.is_null()).then(|| self.owned(alias));
            ValueType { shape, alias }
        }
    }

    fn id(&self) -> u32 {
        // SAFETY: the type is there
        unsafe { (self.functions.get_type_id)(self.handle) }
    }

    /// A text that DuckDB made for us.
    unsafe fn owned(&self, from: *mut c_char) -> String {
        // SAFETY: it is a string of DuckDB's, freed once
        unsafe {
            let said = text(from);
            (self.functions.free)(from.cast());
            said
        }
    }
}

impl Drop for LogicalType<'_> {
    fn drop(&mut self) {
        // SAFETY: it is ours
        unsafe { (self.functions.destroy_logical_type)(&raw mut self.handle) }
    }
}

fn c_string(text: &str) -> Result<CString, String> {
    CString::new(text).map_err(|_| "Parser Error: the query contains a NUL byte".to_owned())
}

/// # Safety
/// `from` is null or a NUL-terminated string.
unsafe fn text(from: *const c_char) -> String {
    if from.is_null() {
        return String::new();
    }
    // SAFETY: the caller's promise
    unsafe { CStr::from_ptr(from) }
        .to_string_lossy()
        .into_owned()
}
