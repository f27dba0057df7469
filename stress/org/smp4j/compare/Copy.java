package org.smp4j.compare;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.util.function.LongToDoubleFunction;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.lib.EventSink;
import org.smp4j.trace.MachineTrace;

/**
 * A machine whose classes are loaded once more, so that the compiler knows them only from what this machine does: what
 * it has seen of a traced machine makes the code of an untraced one slower.
 */
final class Copy extends ClassLoader implements AutoCloseable {
    private static final String HOUSE = "org.smp4j.";

    private final boolean tracepoints;
    private final LongToDoubleFunction waits;
    private int taken;

    /** What runs on that machine; loaded with it. */
    static final class Waits implements LongToDoubleFunction, AutoCloseable {
        private static final SmpCallFunc NOP = info -> {
        };

        private final Rig rig;

        Waits(boolean traced) {
            rig = new Rig(2, traced ? new MachineTrace(2) : null);
        }

        @Override
        public double applyAsDouble(long nanos) {
            return rig.measure(0, () -> Batch.median(nanos, 100,
                    () -> rig.machine.smp().smpCallFunctionSingle(1, NOP, null, true)));
        }

        @Override
        public void close() {
            rig.close();
        }
    }

    /**
     * Boots the machine.
     *
     * @param tracepoints false: classes that read the tracer get a constant null, so that the compiler leaves the
     * tracepoints out
     * @param traced whether there is a tracer
     */
    Copy(boolean tracepoints, boolean traced) {
        super(Copy.class.getClassLoader());
        this.tracepoints = tracepoints;
        try {
            var constructor = loadClass(Waits.class.getName()).getDeclaredConstructor(boolean.class);
            constructor.setAccessible(true);
            waits = (LongToDoubleFunction) constructor.newInstance(traced);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        if (!tracepoints && taken == 0) {
            throw new IllegalStateException("no class reads a tracer any more");
        }
    }

    /** A waiting call; returns nanoseconds. */
    double waits(long nanos) {
        return waits.applyAsDouble(nanos);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(HOUSE)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known == null ? findClass(name) : known;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = tracepoints ? in.readAllBytes() : withoutTracer(in.readAllBytes());
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] withoutTracer(byte[] bytes) {
        ClassFile file = ClassFile.of();
        return file.transformClass(file.parse(bytes), ClassTransform.transformingMethodBodies((code, element) -> {
            if (element instanceof FieldInstruction field && field.opcode() == Opcode.GETFIELD
                    && field.name().equalsString("tracer")
                    && field.typeSymbol().descriptorString().equals(EventSink.class.descriptorString())) {
                taken++;
                code.pop().aconst_null();
            } else {
                code.with(element);
            }
        }));
    }

    @Override
    public void close() {
        try {
            ((AutoCloseable) waits).close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
