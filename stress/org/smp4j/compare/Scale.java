package org.smp4j.compare;

import java.awt.Color;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.smp4j.Machine;
import org.smp4j.lib.BootParams;

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

    static void plot(List<Row> rows, Path file) throws IOException {
        XYChart chart = new XYChartBuilder().width(900).height(600).title("Cost by number of CPUs on the same cores")
                .xAxisTitle("CPUs")
                .yAxisTitle("ratio to 2 CPUs").build();
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true).setPlotBackgroundColor(Color.WHITE);
        double[] x = rows.stream().mapToDouble(Row::cpus).toArray();
        Row first = rows.getFirst();
        chart.addSeries("broadcast, per CPU", x, rows.stream()
                .mapToDouble(row -> row.broadcastPerCpu / first.broadcastPerCpu).toArray());
        chart.addSeries("stop_machine, per CPU", x, rows.stream()
                .mapToDouble(row -> row.stopMachinePerCpu / first.stopMachinePerCpu).toArray());
        chart.addSeries("CPU off and on", x, rows.stream().mapToDouble(row -> row.onOff / first.onOff).toArray());
        ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", file.toFile());
    }
}
