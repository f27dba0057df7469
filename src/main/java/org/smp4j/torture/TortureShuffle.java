package org.smp4j.torture;

import java.util.List;
import org.smp4j.lib.CpuMask;
import org.smp4j.sched.Task;
import org.smp4j.sched.Timers;

/**
 * At intervals, keeps all tasks of the test off a different CPU, which thereby becomes idle; after
 * {@code torture_shuffle} of {@code kernel/torture.c}.
 */
final class TortureShuffle {
    private final ScfRun run;
    private final List<Task> tasks;
    private int idleCpu = -1;

    TortureShuffle(ScfRun run, List<Task> tasks) {
        this.run = run;
        this.tasks = tasks;
    }

    static boolean enabled(TortureConfig config) {
        return config.get(TortureParam.SHUFFLE_INTERVAL) > 0;
    }

    /** The body of the shuffle task. */
    void run() {
        run.awaitWorkers();
        while (!run.mustStop()) {
            run.sleep(run.config.get(TortureParam.SHUFFLE_INTERVAL) * Timers.JIFFY);
            run.machine.cpuHotplugLock().cpusReadLock();
            shuffleTasks();
            run.machine.cpuHotplugLock().cpusReadUnlock();
        }
    }

    private void shuffleTasks() {
        if (run.machine.cpus().numOnline() == 1) {
            return;
        }
        CpuMask mask = new CpuMask(run.nrCpuIds);
        mask.setAll();
        idleCpu = idleCpu + 1 < run.nrCpuIds ? idleCpu + 1 : -1; // after the last CPU, one turn without an idle one
        if (idleCpu >= 0) {
            mask.clearCpu(idleCpu);
        }
        for (Task task : tasks) {
            if (!run.mustStop()) {
                run.machine.scheduler().setCpusAllowedPtr(task, mask);
            }
        }
    }
}
