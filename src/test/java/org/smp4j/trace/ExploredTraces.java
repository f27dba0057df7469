package org.smp4j.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.run.Program;
import org.smp4j.race.Gallery;
import org.smp4j.race.Variant;
import org.smp4j.trace.event.TraceData;
import org.smp4j.trace.explored.RunTrace;

/** The traces of races of the gallery, each explored once. */
final class ExploredTraces {
    private static final Map<String, TraceData> TRACES = new ConcurrentHashMap<>();

    private ExploredTraces() {
    }

    static Program race(String slug) {
        return Gallery.find(slug).orElseThrow().program(Variant.BUGGY);
    }

    static Report explore(Program program) {
        return Explorer.explore(program, ExploreOptions.DEFAULT, Explorer.Progress.NONE);
    }

    static TraceData of(String slug) {
        return TRACES.computeIfAbsent(slug, _ -> {
            Report report = explore(race(slug));
            assertThat(report.token()).as(report.text()).isNotNull();
            TraceData data = RunTrace.of(race(slug), report.token(), Explorer.Progress.NONE);
            assertThat(data.outcome()).contains(report.failure().message().lines().findFirst().orElseThrow());
            return data;
        });
    }
}
