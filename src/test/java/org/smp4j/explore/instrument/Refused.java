package org.smp4j.explore.instrument;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** One method for each call that the explorer can't control. */
@SuppressWarnings("unused")
final class Refused {
    private volatile int number;

    @Expect("ReentrantLock.newCondition")
    void condition() {
        new ReentrantLock().newCondition();
    }

    @Expect("Files.exists")
    void files() {
        Files.exists(Path.of("none"));
    }

    @Expect("System.in")
    void input() {
        Object in = System.in;
    }

    @Expect({"VarHandle.toMethodHandle"})
    void handleOfHandle() throws ReflectiveOperationException {
        MethodHandles.lookup().findVarHandle(Refused.class, "number", int.class)
                .toMethodHandle(java.lang.invoke.VarHandle.AccessMode.GET);
    }

    @Expect({})
    void harmless() throws Exception {
        new Random(3).nextInt();
        new ByteArrayOutputStream().write(1);
        new CountDownLatch(1);
        TimeUnit.SECONDS.toMillis(1);
        if (number > 0) {
            new Phaser().register();
        }
    }
}
