package org.smp4j.cpu;

import org.smp4j.lib.CpuMask;

/**
 * A mask that the machine keeps, and that only {@link Cpus} changes; mirrors the {@code const} of
 * {@code cpu_online_mask} and the like. For other CPUs, take a copy.
 */
final class MachineMask extends CpuMask {
    MachineMask(int nrCpuIds) {
        super(nrCpuIds);
    }

    /** {@return whether the CPU was there before; as {@code set_cpu_online} does, atomic and a full fence} */
    boolean change(int cpu, boolean isIn) {
        return isIn ? super.testAndSetCpu(cpu) : super.testAndClearCpu(cpu);
    }

    void fill() {
        super.setAll();
    }

    private static UnsupportedOperationException refused() {
        return new UnsupportedOperationException("only the machine changes its masks; change a copy() instead");
    }

    @Override
    public void setCpuPrivate(int cpu) {
        throw refused();
    }

    @Override
    public void clearCpuPrivate(int cpu) {
        throw refused();
    }

    @Override
    public boolean testAndSetCpu(int cpu) {
        throw refused();
    }

    @Override
    public boolean testAndClearCpu(int cpu) {
        throw refused();
    }

    @Override
    public void clear() {
        throw refused();
    }

    @Override
    public void setAll() {
        throw refused();
    }

    @Override
    public void copyFrom(CpuMask other) {
        throw refused();
    }

    @Override
    public boolean and(CpuMask left, CpuMask right) {
        throw refused();
    }
}
