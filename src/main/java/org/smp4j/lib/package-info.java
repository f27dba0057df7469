/**
 * Floor 1: the base of all other floors, mirrors {@code lib/}: the lock-less list, CPU masks, completions, the raw
 * spin lock, the warning sink, errno.
 *
 * <h2>Kernel ordering in Java</h2>
 * <table>
 * <caption>How each kernel primitive is spelled in this code base</caption>
 * <tr><th>kernel</th><th>Java</th></tr>
 * <tr><td>plain, per-CPU data touched by its CPU only</td><td>plain field, plain on purpose</td></tr>
 * <tr><td>{@code READ_ONCE}, {@code WRITE_ONCE}</td><td>{@code getOpaque}, {@code setOpaque}</td></tr>
 * <tr><td>{@code smp_load_acquire}, {@code smp_store_release}</td><td>{@code getAcquire}, {@code setRelease}</td></tr>
 * <tr><td>{@code smp_wmb}, {@code smp_rmb}, {@code smp_mb}</td><td>{@code storeStoreFence}, {@code loadLoadFence},
 *     {@code fullFence}</td></tr>
 * <tr><td>{@code xchg}, successful {@code cmpxchg}, {@code atomic_dec_and_test}</td><td>{@code getAndSet},
 *     {@code compareAndSet}, {@code getAndAdd}; with an additional, commented {@code fullFence} where a weaker
 *     neighbouring access must not move across</td></tr>
 * <tr><td>failed {@code cmpxchg}</td><td>failed compare-and-set; no code may rely on its ordering</td></tr>
 * <tr><td>{@code smp_cond_load_acquire}</td><td>{@code getAcquire} in a loop around
 *     {@link org.smp4j.lib.Waiter#relax}</td></tr>
 * <tr><td>{@code cpu_relax}</td><td>{@link Thread#onSpinWait()}</td></tr>
 * </table>
 */
package org.smp4j.lib;
