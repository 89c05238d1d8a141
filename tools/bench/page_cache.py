# SPDX-License-Identifier: MIT
"""What the page cache holds of files: filled, emptied, and counted. None of it needs rights."""
import ctypes
import mmap
import os


def fill(paths):
    for path in paths:
        path.read_bytes()


def drop(paths):
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


def resident(paths):
    """The part of the files' pages that are there."""
    mincore = ctypes.CDLL(None, use_errno=True).mincore
    mincore.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p
    there = total = 0
    for path in paths:
        size = path.stat().st_size
        pages = -(-size // mmap.PAGESIZE)
        states = ctypes.create_string_buffer(pages)
        with path.open("rb") as file, mmap.mmap(file.fileno(), size, access=mmap.ACCESS_COPY) as view:
            byte = ctypes.c_char.from_buffer(view)  # ACCESS_COPY: an address can be had of writable memory only
            if mincore(ctypes.addressof(byte), size, states) != 0:
                raise OSError(ctypes.get_errno(), "mincore")
            del byte
        there += sum(state & 1 for state in states.raw)
        total += pages
    return there / total
