package org.smp4j.litmus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.smp4j.explore.memory.AccessMode;
import org.smp4j.explore.memory.Fence;
import org.smp4j.litmus.program.Instruction;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.program.ThreadCode;
import org.smp4j.litmus.search.LitmusResult;
import org.smp4j.litmus.search.LitmusSearch;
import org.smp4j.litmus.search.SearchOptions;

/** Known differences to other models, as changes of a test that make this model agree with theirs. */
final class Differences {
    private Differences() {
    }

    private static LitmusResult search(LitmusTest test, boolean insertion) {
        return LitmusSearch.search(test, SearchOptions.DEFAULT.withInsertion(insertion), () -> false);
    }

    /** {@return the difference that explains another result; null if none does} */
    static String explanation(LitmusTest test, Function<List<LitmusResult>, String> result, String theirs) {
        Map<String, Function<LitmusTest, List<LitmusTest>>> known = new LinkedHashMap<>();
        known.put("an access without an order is volatile in C11, if its location is atomic",
                of -> List.of(changed(of, AccessMode.PLAIN, AccessMode.VOLATILE)));
        known.put("load buffering", Weakening.writesFirst()::of);
        known.put("a write publishes what its thread has acquired", Weakening.acquiresOnly()::of);
        known.put("volatile orders more than sequentially consistent accesses of RC11",
                of -> List.of(changed(of, AccessMode.VOLATILE, AccessMode.ACQUIRE_RELEASE)));
        known.put("full fences order what passes between them through weaker accesses",
                of -> List.of(changed(of, null, null)));
        if (result.apply(List.of(search(test, false))).equals(theirs)) {
            return "a write that depends on a read lands before a newer one";
        }
        for (Map.Entry<String, Function<LitmusTest, List<LitmusTest>>> difference : known.entrySet()) {
            List<LitmusResult> results = difference.getValue().apply(test).stream()
                    .map(changed -> search(changed, true)).toList();
            if (result.apply(results).equals(theirs)) {
                return difference.getKey();
            }
        }
        return null;
    }

    /** Gives accesses of one mode another one; without modes, full fences become fences that acquire. */
    private static LitmusTest changed(LitmusTest test, AccessMode mode, AccessMode other) {
        List<ThreadCode> threads = new ArrayList<>();
        for (ThreadCode thread : test.threads()) {
            List<Instruction> code = thread.code().stream().<Instruction>map(instruction -> switch (instruction) {
                case Instruction.Load load when load.mode() == mode ->
                    new Instruction.Load(load.at(), load.register(), load.address(), other);
                case Instruction.Store store when store.mode() == mode ->
                    new Instruction.Store(store.at(), store.address(), store.value(), other);
                case Instruction.Barrier barrier when mode == null && barrier.fence() == Fence.FULL ->
                    new Instruction.Barrier(barrier.at(), Fence.ACQUIRE);
                default -> instruction;
            }).toList();
            threads.add(new ThreadCode(thread.name(), thread.registers(), thread.initial(), code, thread.texts()));
        }
        return new LitmusTest(test.name(), test.dialect(), test.expected(), test.locations(), test.initial(), threads,
                test.condition(), test.shown());
    }
}
