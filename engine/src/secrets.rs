//! Keeps the secrets of clusters unreadable to whoever gets hold of the catalog alone.
