package org.smp4j.junit;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.smp4j.cpu.PlatformThreads;
import org.smp4j.cpu.SeatThread;
import org.smp4j.cpu.Sitter;
import org.smp4j.cpu.ThreadSource;

/** Real threads; keeps track of the tasks that a test has started. */
final class SpawnedTasks implements ThreadSource {
    private final PlatformThreads threads = new PlatformThreads();
    private final Map<Sitter, CompletableFuture<Void>> spawned = Collections.synchronizedMap(new IdentityHashMap<>());
    private final List<CompletableFuture<Void>> inOrder = new CopyOnWriteArrayList<>();

    @Override
    public void spawned(Sitter sitter) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        spawned.put(sitter, end);
        inOrder.add(end);
    }

    @Override
    public SeatThread newThread(String name, Sitter sitter, Runnable body) {
        CompletableFuture<Void> end = sitter == null ? null : spawned.get(sitter);
        return threads.newThread(name, sitter, end == null ? body : () -> {
            try {
                body.run();
            } finally {
                end.complete(null); // join() would not do: a thread that has not started yet can't be waited for
            }
        });
    }

    @Override
    public void ended(Thread thread) {
        threads.ended(thread);
    }

    @Override
    public Set<Thread> threads() {
        return threads.threads();
    }

    @Override
    public boolean join(long millis) throws InterruptedException {
        return threads.join(millis);
    }

    /** Waits for all started tasks, and for those that these start. */
    void await() throws InterruptedException, ExecutionException {
        for (int i = 0; i < inOrder.size(); i++) {
            inOrder.get(i).get();
        }
    }
}
