//! The least that reading and hashing files can cost, to measure a verification against: one thread for each core
//! takes the next path from standard input's list, reads it in pieces of 1 MiB and hashes them with BLAKE3.
//! Prints how many files and bytes, and the seconds between the first and the last.

use std::{
    fs::File,
    io::{self, Read},
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    thread,
    time::Instant,
};

const PIECE: usize = 1 << 20;

fn main() -> io::Result<()> {
    let paths: Vec<String> = io::stdin().lines().collect::<Result<_, _>>()?;
    let (next, bytes) = (AtomicUsize::new(0), AtomicU64::new(0));
    let threads = thread::available_parallelism()?.get();
    let started = Instant::now();
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| work(&paths, &next, &bytes)))
            .collect();
        running
            .into_iter()
            .try_for_each(|thread| thread.join().expect("the work does not panic"))
    })?;
    println!(
        r#"{{"files": {}, "bytes": {}, "threads": {threads}, "seconds": {:.6}}}"#,
        paths.len(),
        bytes.into_inner(),
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Hashes file after file until none is left.
fn work(paths: &[String], next: &AtomicUsize, bytes: &AtomicU64) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{path}: {error}"));
        let mut file = File::open(path).map_err(named)?;
        let mut hasher = blake3::Hasher::new();
        loop {
            let read = file.read(&mut piece).map_err(named)?;
            if read == 0 {
                break;
            }
            hasher.update(&piece[..read]);
            bytes.fetch_add(read as u64, Ordering::Relaxed);
        }
        std::hint::black_box(hasher.finalize());
    }
    Ok(())
}
