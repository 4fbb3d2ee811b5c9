"""The four deployables. A service never imports another one."""
