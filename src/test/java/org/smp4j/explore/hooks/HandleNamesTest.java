package org.smp4j.explore.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.smp4j.explore.instrument.ExploringLoader;
import org.smp4j.explore.instrument.RewriteTest;
import org.smp4j.explore.model.Site;
import org.smp4j.explore.model.Sites;

/** A field has the same name for direct accesses and for accesses through any handle. */
class HandleNamesTest {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static int still;

    static class Base {
        private long wide;
        Object ref;
        private boolean flag;
    }

    static final class Sub extends Base {
        int own;

        int touch() {
            ref = this;
            return own + still;
        }
    }

    private static String name(VarHandle handle) {
        return Sites.fieldName(HandleNames.fieldOf(handle));
    }

    @Test
    void fieldsHaveTheNameOfTheClassThatDeclaresThem() throws Exception {
        String prefix = HandleNamesTest.class.getName();
        VarHandle wide = LOOKUP.findVarHandle(Base.class, "wide", long.class);
        assertThat(name(wide)).isEqualTo(prefix + "$Base.wide");
        assertThat(name(wide.withInvokeExactBehavior())).isEqualTo(prefix + "$Base.wide");
        assertThat(name(LOOKUP.findVarHandle(Base.class, "flag", boolean.class))).isEqualTo(prefix + "$Base.flag");
        assertThat(name(LOOKUP.findVarHandle(Sub.class, "ref", Object.class))).as("inherited")
                .isEqualTo(prefix + "$Base.ref");
        assertThat(name(LOOKUP.findVarHandle(Sub.class, "own", int.class))).isEqualTo(prefix + "$Sub.own");
        assertThat(name(LOOKUP.findStaticVarHandle(HandleNamesTest.class, "still", int.class)))
                .isEqualTo(prefix + ".still");
    }

    @Test
    void elementsHaveTheNameThatInstructionsCanTell() {
        assertThat(name(MethodHandles.arrayElementVarHandle(long[].class))).isEqualTo("long[]");
        assertThat(name(MethodHandles.arrayElementVarHandle(boolean[].class))).isEqualTo("byte[]");
        assertThat(name(MethodHandles.arrayElementVarHandle(String[].class))).isEqualTo("Object[]");
        assertThat(name(MethodHandles.arrayElementVarHandle(int[][].class))).isEqualTo("Object[]");
        assertThat(name(MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder())))
                .isEqualTo("byte[]");
        assertThat(name(MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder())))
                .isEqualTo("java.nio.ByteBuffer");
    }

    @Test
    void manyHandlesAreNamedRightly() throws Exception {
        VarHandle handle = LOOKUP.findVarHandle(Sub.class, "own", int.class);
        int expected = HandleNames.fieldOf(handle);
        Supplier<VarHandle> fresh = () -> handle.withInvokeExactBehavior().withInvokeBehavior();
        assertThat(IntStream.range(0, 10_000).map(_ -> HandleNames.fieldOf(fresh.get()))).containsOnly(expected);
    }

    @Test
    void instructionsSayTheSame() throws Exception {
        int before = Sites.count();
        try (ExploringLoader loader = new ExploringLoader(RewriteTest.recording(HandleNamesTest.class),
                getClass().getClassLoader())) {
            loader.loadClass(Sub.class.getName());
        }
        List<String> targets = IntStream.range(before, Sites.count()).mapToObj(Sites::get).map(Site::target).toList();
        String prefix = HandleNamesTest.class.getName();
        assertThat(targets).containsExactly(prefix + "$Base.ref", prefix + "$Sub.own", prefix + ".still");
    }
}
