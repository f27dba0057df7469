package org.smp4j.compare;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.smp4j.Machine;
import org.smp4j.lib.BootParams;
import org.smp4j.page.Chart;

/** How cost grows with the number of CPUs on the same cores: each figure as a ratio to that of the smallest machine. */
final class Scale {
    private static final int[] SIZES = {2, 8, 64, 256, 1024};
    private static final int ROUNDS = 5;

    /**
     * A machine's figures; times in nanoseconds for ratios among rows of one run only.
     *
     * @param cpus how many CPUs
     * @param broadcastPerCpu of a broadcast that is waited for, per CPU
     * @param stopMachinePerCpu of a stop of all, per CPU
     * @param onOff of a CPU that goes and comes
     * @param bytes of heap, the JVM's own included
     */
    record Row(int cpus, double broadcastPerCpu, double stopMachinePerCpu, double onOff, long bytes) {
    }

    private Scale() {
    }

    static List<Row> measure(int most) {
        List<Row> rows = new ArrayList<>();
        row(SIZES[0]); // loads and compiles what the first row would pay for
        for (int cpus : SIZES) {
            if (cpus <= most) {
                rows.add(row(cpus));
            }
        }
        return rows;
    }

    private static Row row(int cpus) {
        try (Machine machine = Machine.boot(BootParams.cpus(cpus))) {
            double[] costs = new double[3];
            machine.run(0, () -> {
                costs[0] = median(() -> machine.smp().onEachCpu(info -> { }, null, true)) / cpus;
                costs[1] = median(() -> machine.stopMachine().stopMachine(arg -> 0, null, null)) / cpus;
                costs[2] = median(() -> {
                    machine.hotplug().removeCpu(cpus - 1);
                    machine.hotplug().addCpu(cpus - 1);
                });
            });
            return new Row(cpus, costs[0], costs[1], costs[2], used());
        }
    }

    private static double median(Runnable op) {
        op.run();
        double[] times = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long from = System.nanoTime();
            op.run();
            times[i] = System.nanoTime() - from;
        }
        return Batch.median(times);
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    static void print(PrintStream table, List<Row> rows) {
        table.println("\ncost by number of CPUs on the same cores, as a ratio to the first row's; memory in bytes for "
                + "each CPU more than in the row before");
        table.println("  CPUs   broadcast/CPU   stop_machine/CPU   on/off cycle   heap per CPU more");
        Row first = rows.getFirst();
        Row smaller = null;
        for (Row row : rows) {
            String bytes = smaller == null
                    ? "-" : String.valueOf((row.bytes - smaller.bytes) / (row.cpus - smaller.cpus));
            table.printf(Locale.ROOT, "%6d   %13.2f   %16.2f   %12.2f   %17s%n", row.cpus,
                    row.broadcastPerCpu / first.broadcastPerCpu,
                    row.stopMachinePerCpu / first.stopMachinePerCpu, row.onOff / first.onOff, bytes);
            smaller = row;
        }
        rows.stream().filter(row -> row.cpus == 64).findFirst()
                .ifPresent(small -> rows.stream().filter(row -> row.cpus == 1024).forEach(large ->
                table.printf(Locale.ROOT, "broadcast per CPU, 1,024 against 64 CPUs: %.2f (aim "
                        + "1.50)%n", large.broadcastPerCpu / small.broadcastPerCpu)));
    }

    static Chart chart(List<Row> rows) {
        Row first = rows.getFirst();
        return new Chart("Cost by number of CPUs on the same cores", Chart.Kind.LINE, "CPUs",
                "ratio to " + first.cpus + " CPUs", true,
                List.of("broadcast, per CPU", "stop_machine, per CPU", "CPU off and on"),
                rows.stream().map(row -> new Chart.Row(Integer.toString(row.cpus),
                row.broadcastPerCpu / first.broadcastPerCpu, row.stopMachinePerCpu / first.stopMachinePerCpu,
                row.onOff / first.onOff)).toList());
    }
}
