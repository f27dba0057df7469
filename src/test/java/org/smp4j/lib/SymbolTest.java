package org.smp4j.lib;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SymbolTest {
    private static final class Func implements Symbol.Named {
    }

    @FunctionalInterface
    private interface Callback extends Symbol.Named {
        void call();
    }

    @Test
    void aFunctionWithANameIsPrintedByIt() {
        assertThat(Symbol.ps("do_nothing")).isEqualTo("do_nothing");
        assertThat(Symbol.ps(new Symbol.Named() {
            @Override
            public String name() {
                return "own_name";
            }
        })).isEqualTo("own_name");
    }

    @Test
    void othersAreNamedAfterTheirClass() {
        assertThat(Symbol.ps(new Func())).isEqualTo("SymbolTest$Func");
        assertThat(Symbol.ps(1)).isEqualTo("Integer");
    }

    @Test
    void aLambdaIsNamedAfterTheClassThatHoldsIt() {
        Callback lambda = () -> { };
        assertThat(Symbol.ps(lambda)).startsWith("SymbolTest$$Lambda").doesNotContain("/", " ", "org.smp4j");
    }

    @Test
    void nothingPrintsAsZero() {
        assertThat(Symbol.ps(null)).isEqualTo("0x0");
        assertThat(Symbol.pS(null)).isEqualTo("0x0");
    }

    @Test
    void offsetAndSizeAreZero() {
        assertThat(Symbol.pS("flush")).isEqualTo("flush+0x0/0x0");
    }
}
