"""What the web server loads: the application, in a process that ends with the server's main process."""

from bihuan.kernel.process import die_with_parent

die_with_parent()

from bihuan.asgi import application  # noqa: E402

__all__ = ["application"]
