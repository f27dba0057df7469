package org.smp4j.compare;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.MpscLinkedQueue;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.smp4j.sched.Task;

/**
 * What libraries do that is a part of a cross-CPU call: hand a function to a thread on the other core, and learn that
 * it has run.
 */
final class Peers implements AutoCloseable {
    private static final int WINDOW = 256;
    private static final ThreadFactory DAEMON = body -> {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        return thread;
    };

    /** A function to hand over, with the flag that says that it has run. */
    private static final class Message implements Runnable {
        final AtomicInteger pending = new AtomicInteger();

        @Override
        public void run() {
            pending.setRelease(0);
        }

        void await() {
            while (pending.getAcquire() != 0) {
                Thread.onSpinWait();
            }
        }
    }

    private final Rig rig;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(DAEMON);

    Peers(Rig rig) {
        this.rig = rig;
    }

    List<Subject> subjects() {
        List<Subject> subjects = new ArrayList<>();
        queue(subjects, "JCTools MpscArrayQueue", new MpscArrayQueue<>(1024));
        queue(subjects, "JCTools MpscLinkedQueue", new MpscLinkedQueue<>());
        queue(subjects, "JCTools MpscUnboundedArrayQueue", new MpscUnboundedArrayQueue<>(1024));
        queue(subjects, "Agrona ManyToOneConcurrentArrayQueue", new ManyToOneConcurrentArrayQueue<>(1024));
        disruptor(subjects);
        subjects.add(Subject.of("ExecutorService.submit().get()", nanos -> Batch.median(nanos, 1, () -> {
            try {
                executor.submit(() -> { }).get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        })).millis(10));
        subjects.add(Subject.of("CompletableFuture.runAsync().join()",
                nanos -> Batch.median(nanos, 1, () -> CompletableFuture.runAsync(() -> { }, executor).join()))
                .millis(10));
        if (Membarrier.supported()) {
            subjects.add(Subject.of("the host kernel's cross-call: membarrier(PRIVATE_EXPEDITED), other core busy",
                    nanos -> rig.with(stop -> {
                while (!stop.getAsBoolean()) {
                    Thread.onSpinWait();
                }
            }, () -> Batch.median(nanos, 10, Membarrier::privateExpedited))));
        }
        return subjects;
    }

    /**
     * Three CPUs of one core send to a fourth on another, as {@link MachineCalls#threeProducers} does; on a machine of
     * six.
     */
    static List<Subject> threeProducers(Rig six) {
        List<Subject> subjects = new ArrayList<>();
        threeProducers(subjects, "JCTools MpscArrayQueue", six, new MpscArrayQueue<>(1024));
        threeProducers(subjects, "JCTools MpscLinkedQueue", six, new MpscLinkedQueue<>());
        threeProducers(subjects, "JCTools MpscUnboundedArrayQueue", six, new MpscUnboundedArrayQueue<>(1024));
        threeProducers(subjects, "Agrona ManyToOneConcurrentArrayQueue", six,
                new ManyToOneConcurrentArrayQueue<>(1024));
        subjects.add(Subject.of("Disruptor, multi producer, busy spin, 3 producers on one "
                + "core", nanos -> six.measure(0, () -> consumed(six,
                ring -> sendFromThree(six, nanos, message -> publish(ring, message))))).millis(30));
        return subjects;
    }

    private static void threeProducers(List<Subject> subjects, String name, Rig six, Queue<Message> queue) {
        subjects.add(Subject.of(name + ", 3 producers on one core",
                nanos -> six.measure(0, () -> six.with(consumer(queue), () -> sendFromThree(six, nanos, queue::offer))))
                .millis(30));
    }

    /** Context: a task on CPU 0, the first of the three. */
    private static double sendFromThree(Rig six, long nanos, Offer offer) {
        double[] cost = new double[3];
        Task second = six.spawn(2, () -> cost[1] = send(nanos, offer));
        Task third = six.spawn(4, () -> cost[2] = send(nanos, offer));
        cost[0] = send(nanos, offer);
        second.join();
        third.join();
        return 1 / (1 / cost[0] + 1 / cost[1] + 1 / cost[2]);
    }

    private static Rig.Side consumer(Queue<Message> queue) {
        return stop -> {
            while (!stop.getAsBoolean()) {
                Message message = queue.poll();
                if (message == null) {
                    Thread.onSpinWait();
                } else {
                    message.run();
                }
            }
        };
    }

    private void queue(List<Subject> subjects, String name, Queue<Message> queue) {
        Rig.Side consumer = consumer(queue);
        Message single = new Message();
        subjects.add(Subject.of(name + ", round "
                + "trip", nanos -> rig.with(consumer, () -> Batch.median(nanos, 100, () -> {
            single.pending.setPlain(1);
            queue.offer(single);
            single.await();
        }))));
        subjects.add(Subject.of(name + ", 1 producer", nanos -> rig.with(consumer, () -> send(nanos, queue::offer))));
    }

    private interface Offer {
        boolean offer(Message message);
    }

    private static double send(long nanos, Offer queue) {
        Message[] window = new Message[WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            window[i] = new Message();
        }
        long sent = 0;
        long start = System.nanoTime();
        for (long end = start + nanos; System.nanoTime() < end; sent += WINDOW) {
            for (Message message : window) {
                message.await();
                message.pending.setPlain(1);
                queue.offer(message);
            }
        }
        for (Message message : window) {
            message.await();
        }
        return (double) (System.nanoTime() - start) / sent;
    }

    /** An entry of the ring. */
    private static final class Event {
        Message message;
    }

    private void disruptor(List<Subject> subjects) {
        subjects.add(Subject.of("Disruptor, multi producer, busy spin, round trip", nanos -> consumed(rig, ring -> {
            Message single = new Message();
            return Batch.median(nanos, 100, () -> {
                single.pending.setPlain(1);
                publish(ring, single);
                single.await();
            });
        })));
        subjects.add(Subject.of("Disruptor, multi producer, busy spin, 1 "
                + "producer", nanos -> consumed(rig, ring -> send(nanos, message -> publish(ring, message)))));
    }

    /** Measures while the other core consumes a ring. */
    private static double consumed(Rig rig, ToDoubleFunction<RingBuffer<Event>> measure) {
        RingBuffer<Event> ring = RingBuffer.createMultiProducer(Event::new, 1024, new BusySpinWaitStrategy());
        BatchEventProcessor<Event> processor = new BatchEventProcessorBuilder()
                .build(ring, ring.newBarrier(), (event, sequence, last) -> event.message.run());
        ring.addGatingSequences(processor.getSequence());
        return rig.with(stop -> processor.run(), () -> {
            double cost = measure.applyAsDouble(ring);
            processor.halt();
            return cost;
        });
    }

    private static boolean publish(RingBuffer<Event> ring, Message message) {
        long sequence = ring.next();
        ring.get(sequence).message = message;
        ring.publish(sequence);
        return true;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
