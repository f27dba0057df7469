package org.smp4j.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.smp4j.sched.Task;

/**
 * What one measuring JVM does: a few slices of everything to warm up, then slices of subjects between slices of their
 * references.
 */
final class Fork {
    private static final double AGREE = 1.15;
    private static final int WARM_UP = 8;
    // so that what --only leaves is compiled as well as everything would be
    private static final long WARM_UP_NANOS = 4_000_000_000L;

    private final int pairs;
    private final Pattern only;
    private final Map<String, Compare.Measured> results = new LinkedHashMap<>();

    Fork(int pairs, Pattern only) {
        this.pairs = pairs;
        this.only = only;
    }

    Map<String, Compare.Measured> run() {
        try (Rig two = new Rig(2); Rig six = new Rig(6); Rig eight = new Rig(8); Rig sixtyFour = new Rig(64);
                Rig four = new Rig(4); Tracing tracing = new Tracing();
                Peers peers = new Peers(two)) {
            Floor pingPong = new Floor();
            Subject floor = pingPong.subject(two);
            MachineCalls calls = new MachineCalls(two);
            List<Subject> onCpu = new ArrayList<>(calls.subjects());
            onCpu.add(pingPong.p99(two));
            onCpu.addAll(peers.subjects());
            onCpu.addAll(calls.parked());
            onCpu.addAll(Switches.subjects(two));
            Task task = two.spawn(0, () -> measure(onCpu, floor));
            Rig.join(task);
            if (task.failure() != null) {
                throw new IllegalStateException(task.failure());
            }
            Subject threadSwitch = Barriers.threadSwitch(six);
            List<Subject> outside = new ArrayList<>(List.of(MachineCalls.threeProducers(six)));
            outside.addAll(Peers.threeProducers(six));
            Subject floorFromOutside =
                    new Subject(floor.name(), null, nanos -> two.measure(0, () -> floor.slice().applyAsDouble(nanos)),
                    floor.nanos(), floor.atMost());
            outside.addAll(Barriers.subjects(8, eight, threadSwitch));
            outside.addAll(Barriers.subjects(64, sixtyFour, threadSwitch));
            outside.addAll(Switches.onOff(four, two));
            outside.addAll(tracing.subjects());
            measure(outside, floorFromOutside);
        }
        return results;
    }

    private void measure(List<Subject> all, Subject floor) {
        List<Subject> subjects = all.stream().filter(subject -> only.matcher(subject.name()).find()).toList();
        long start = System.nanoTime();
        for (int i = 0; i < WARM_UP || System.nanoTime() - start < WARM_UP_NANOS; i++) {
            floor.measure();
            subjects.forEach(Subject::measure);
        }
        for (Subject subject : subjects) {
            Subject reference = subject.reference() == null ? floor : subject.reference();
            List<Double> ratios = new ArrayList<>();
            List<Double> references = new ArrayList<>();
            int dropped = 0;
            reference.measure();
            double before = reference.measure();
            for (int pair = 0; pair < pairs; pair++) {
                double cost = subject.measure();
                double after = reference.measure();
                if (Math.max(before, after) <= AGREE * Math.min(before, after)) {
                    references.add((before + after) / 2);
                    ratios.add(cost / references.getLast());
                } else {
                    dropped++;
                }
                before = after;
            }
            results.put(subject.name(), new Compare.Measured(reference.name(), ratios, references, dropped,
                    Double.isNaN(subject.atMost()) ? null : subject.atMost()));
        }
    }
}
