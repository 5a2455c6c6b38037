"""A file system in memory that forgets, at a power cut, whatever was not synced. Run as a program: MOUNT STATE.

A file's bytes are sure once the file was synced; a name (made, moved or deleted) once its folder was.
Opening ``/.cut`` is the power cut: what is sure is written to STATE, and from then on nothing works.
"""

from __future__ import annotations

import errno
import pickle
import stat
import sys
import time
from pathlib import Path, PurePosixPath

import mfusepy

_CUT = "/.cut"


class Forgetful(mfusepy.Operations):
    """Files by name; each has the bytes that are shown and the bytes that are sure."""

    use_ns = True

    def __init__(self, state: Path) -> None:
        """Start from what the last cut left."""
        self.state = state
        self.names: dict[str, int] = {}
        self.bytes: dict[int, bytearray] = {}
        self.folders: set[str] = {"/"}
        if state.exists():
            self.names, sure, self.folders = pickle.loads(state.read_bytes())  # noqa: S301 - our own
            self.bytes = {node: bytearray(data) for node, data in sure.items()}
        self.sure_bytes = {node: bytes(data) for node, data in self.bytes.items()}
        self.sure_names = dict(self.names)
        self.next = max(self.bytes, default=0) + 1
        self.handles: dict[int, int] = {}
        self.off = False

    def _must_live(self) -> None:
        if self.off:
            raise mfusepy.FuseOSError(errno.EIO)

    def _node(self, path: str) -> int:
        if path not in self.names:
            raise mfusepy.FuseOSError(errno.ENOENT)
        return self.names[path]

    def _of(self, path: str, handle: int) -> int:
        return self.handles.get(handle) or self._node(path)

    def _cut(self) -> None:
        left = {node: self.sure_bytes.get(node, b"") for node in set(self.sure_names.values())}
        self.state.write_bytes(pickle.dumps((self.sure_names, left, self.folders)))
        self.off = True

    def getattr(self, path, fh=None):
        now = int(time.time() * 1e9)
        base = {"st_atime": now, "st_mtime": now, "st_ctime": now, "st_uid": 0, "st_gid": 0}
        if path in self.folders:
            return {**base, "st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2}
        if path == _CUT:
            return {**base, "st_mode": stat.S_IFREG | 0o644, "st_nlink": 1, "st_size": 0}
        size = len(self.bytes[self._node(path)])
        return {**base, "st_mode": stat.S_IFREG | 0o600, "st_nlink": 1, "st_size": size}

    def readdir(self, path, _fh):
        inside = [
            p for p in (*self.names, *self.folders) if p != "/" and str(PurePosixPath(p).parent) == path
        ]
        return [".", "..", *(PurePosixPath(p).name for p in inside)]

    def _open(self, node: int) -> int:
        handle = max(self.handles, default=0) + 1
        self.handles[handle] = node
        return handle

    def create(self, path, _mode, _fi=None):
        self._must_live()
        self.names[path] = self.next
        self.bytes[self.next] = bytearray()
        self.next += 1
        return self._open(self.names[path])

    def open(self, path, flags):
        if path == _CUT:
            self._cut()
            return 0
        self._must_live()
        return self._open(self._node(path))

    def read(self, path, size, offset, fh):
        self._must_live()
        return bytes(self.bytes[self._of(path, fh)][offset : offset + size])

    def write(self, path, data, offset, fh):
        self._must_live()
        content = self.bytes[self._of(path, fh)]
        content.extend(bytes(max(0, offset - len(content))))
        content[offset : offset + len(data)] = data
        return len(data)

    def truncate(self, path, length, fh=None):
        self._must_live()
        content = self.bytes[self._of(path, fh)]
        del content[length:]
        content.extend(bytes(length - len(content)))

    def fsync(self, path, _datasync, fh):
        self._must_live()
        node = self._of(path, fh)
        self.sure_bytes[node] = bytes(self.bytes[node])

    def opendir(self, _path):
        return 0

    def fsyncdir(self, path, _datasync, _fh):
        self._must_live()

        def inside(names):
            return {p: node for p, node in names.items() if str(PurePosixPath(p).parent) == path}

        kept = {p: node for p, node in self.sure_names.items() if p not in inside(self.sure_names)}
        self.sure_names = {**kept, **inside(self.names)}

    def unlink(self, path):
        self._must_live()
        self._node(path)
        del self.names[path]

    def rename(self, old, new, _flags=0):
        self._must_live()
        self.names[new] = self._node(old)
        del self.names[old]

    def mkdir(self, path, _mode):
        self._must_live()
        self.folders.add(path)

    def release(self, _path, fh):
        self.handles.pop(fh, None)

    def chmod(self, _path, _mode):
        return 0

    def chown(self, _path, _uid, _gid):
        return 0

    def utimens(self, _path, _times=None):
        return 0

    def statfs(self, _path):
        return {"f_bsize": 4096, "f_blocks": 1 << 20, "f_bavail": 1 << 19, "f_bfree": 1 << 19}


def main(mount: str, state: str) -> None:
    """Serve until it is unmounted."""
    mfusepy.FUSE(Forgetful(Path(state)), mount, foreground=True, nothreads=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
