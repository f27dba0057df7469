package org.smp4j.litmus.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smp4j.litmus.program.Condition.Part;
import org.smp4j.litmus.program.Condition.Quantifier;
import org.smp4j.litmus.program.LitmusException;
import org.smp4j.litmus.program.LitmusTest;

class LitmusParserTest {
    private static final String END = "\nexists (true)";

    private static LitmusTest kernel(String body) {
        return LitmusParser.parse("C t\n{}\nP0(int *x, int *y, spinlock_t *l) {\n" + body + "\n}" + END);
    }

    @Test
    void headerDescriptionAndCommentsAreRead() {
        LitmusTest test = LitmusParser.parse("""

                C name with words

                (*
                 * Result: Never
                 *)
                "a description"
                Generator=diy7 (version 7)
                { (* nothing *) int x = 2; int *p = &x; [y] = 0x10; atomic_t z = ATOMIC_INIT(-3); 0:r1=x; 0:r2=4; }

                P0(int *x) { /* nothing */ int r3 = r1; // nothing
                }

                locations [x; 0:r3; z]
                (* the question *)
                ~exists (0:r3=x /\\ not (y=16) \\/ z=-3) (* nothing *)
                """);
        assertThat(test.name()).isEqualTo("name with words");
        assertThat(test.expected()).isEqualTo("Never");
        assertThat(test.dialect()).isEqualTo(LitmusTest.Dialect.KERNEL);
        assertThat(test.locations()).containsExactly("x", "p", "y", "z");
        assertThat(test.initial()).containsExactly(2, LitmusTest.address(0), 16, -3);
        assertThat(test.condition().quantifier()).isEqualTo(Quantifier.NOT_EXISTS);
        assertThat(test.condition()).hasToString("~exists (0:r3=x /\\ not ([y]=16) \\/ [z]=-3)");
        assertThat(test.shown()).extracting(Part::name).containsExactly("0:r3", "[x]", "[y]", "[z]");
        assertThat(test.threads().getFirst().registers()).contains("r1", "r2", "r3");
        assertThat(test.threads().getFirst().initial()).startsWith(LitmusTest.address(0), 4);
    }

    @Test
    void dialectsAreToldApart() {
        assertThat(kernel("atomic_fetch_add(1, x);").dialect()).isEqualTo(LitmusTest.Dialect.KERNEL);
        assertThat(kernel("atomic_fetch_add(x, 1);").dialect()).isEqualTo(LitmusTest.Dialect.C11);
        assertThat(kernel("atomic_store(x, 1);").dialect()).isEqualTo(LitmusTest.Dialect.C11);
        assertThat(LitmusParser.parse("Java t\n{}\nThread0 { fullFence(); }" + END).dialect())
                .isEqualTo(LitmusTest.Dialect.JAVA);
    }

    @Test
    void aFileMayHoldSeveralTests() {
        List<LitmusParser.Named> tests = LitmusParser.parseAll("""
                what is here
                @@ first
                C other
                {}
                P0(int *x) { *x = 1; }
                exists (x=1)

                @@ second
                C other
                {}
                P0(int *x) { *x = ; }
                exists (x=1)
                """);
        assertThat(tests).extracting(LitmusParser.Named::name).containsExactly("first", "second");
        assertThat(tests.getFirst().test()).isNotNull();
        assertThat(tests.getLast().refusal()).hasMessage("11:19: a value is expected here instead of ';'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "smp_mb__nothing();              | 4:1: 'smp_mb__nothing' is not supported in the kernel's C",
        "*x = 1;  rcu_read_lock();      | 4:10: 'rcu_read_lock' is not supported in the kernel's C",
        "for (;;) { }                    | 4:1: 'for' is not supported in a thread",
        "struct s *p;                    | 4:1: 'struct' is not supported in a thread",
        "goto out;                       | 4:1: 'goto' is not supported in a thread",
        "int r = z;                      | 4:9: 'z' is neither a register nor a location",
        "int r = 1                       | 5:1: ';' is expected here instead of '}'",
        "int r = READ_ONCE(*x, 1);       | 4:18: 'READ_ONCE' takes other arguments",
        "int r = READ_ONCE(x y);         | 4:18: 'READ_ONCE' takes other arguments",
        "int r; WRITE_ONCE(r, 1);        | 4:19: 'r' is a register; write *r for the location",
        "int r; int *q = &r;             | 4:18: a register has no address",
        "int x;                          | 4:5: 'x' is a parameter already",
        "x = 1;                          | 4:1: 'x' is the address of a location, which can't be assigned",
        "int r[2];                       | 4:6: a register is a single number",
        "int r = 1 ? *x : 2;             | 4:11: an access to memory inside '?:' is not supported",
        "int r = 09;                     | 4:9: '09' is not a number",
        "int r = 'c';                    | 4:9: ''' is not expected in a test",
        "int r = x.y();                  | 4:11: 'y' is not supported in the kernel's C",
    })
    void whatIsNotSupportedIsRefused(String body, String message) {
        assertThatThrownBy(() -> kernel(body)).isInstanceOf(LitmusException.class).hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "X86 t~{}~exists (true)                            | 1:1: a test begins with its language, C or Java",
        "``                                                | 1:1: a test begins with its language, C or Java",
        "C t~{}~exists (true)                              | 3:1: the test has no thread; P0(int *x) {",
        "C t~P0(int *x) { }                                | 2:1: '{' with the initial values is expected",
        "C t~{}~P1(int *x) { }~exists (true)               | 3:1: P0 is expected here instead of 'P1'",
        "C t~{}~P0(int x) { }~exists (true)                | 3:8: the parameter x is no pointer",
        "C t~{}~P0(struct s *x) { }~exists (true)          | 3:4: 'struct' is not supported as the type",
        "C t~{}~P0(int *x) { }                             | 3:15: exists, ~exists or forall is expected",
        "C t~{}~P0(int *x) { }~filter (x=1)~exists (true)  | 4:1: filter is not supported",
        "C t~{}~P0(int *x) { }~exists (y=1)                | 4:9: there is no location y",
        "C t~{}~P0(int *x) { }~exists (1:r=1)              | 4:9: there is no thread 1",
        "C t~{}~P0(int *x) { }~exists (x<1)                | 4:10: '=' is expected here instead of '<'",
        "C t~{}~P0(int *x) { }~exists (x=1) x              | 4:14: 'x' is not expected after the condition",
        "C t~{ int a[0]; }~P0(int *x) { }~exists (true)    | 2:9: an array has from 1 to 64 elements, not 0",
        "C t~{ int a[1] = {1, 2}; }~P0(int *x) { }         | 2:18: the array has 1 elements",
        "C t~{} (* no end                                  | 2:4: the comment has no end; close it with *)",
        "C t~\"no end                                      | 2:1: the string has no end",
        "Java t~{}~Thread0 { X.set(1); }~exists (true)     | 3:11: 'X' is no handle of this thread",
        "Java t~{0:X=x;}~Thread0 { X.setAcquire(1); }      | 3:13: 'setAcquire' is not supported in Java",
        "Java t~{0:X=x;}~Thread0 { X.compareAndSetPlain(0,1); } | 3:13: 'compareAndSetPlain' is not supported",
        "Java t~{}~Thread0 { foo(); }                      | 3:11: 'foo' is not supported in Java",
        "C t~{}~P0(int *x) { atomic_load_explicit(x, relaxed); atomic_int r; } | 3:38: 'relaxed' is not a memory order",
        "C t~{}~P0(int *x) { atomic_store(x, 1); READ_ONCE(*x); } | 3:34: 'READ_ONCE' is not supported in C11",
    })
    void whatIsNoTestIsRefused(String text, String message) {
        assertThatThrownBy(() -> LitmusParser.parse(text.replace('~', '\n').replace("\nexists (true", "~exists (true")
                .replaceFirst("~exists", "\nexists"))).isInstanceOf(LitmusException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aTestHasAtMostSixteenThreads() {
        StringBuilder text = new StringBuilder("C t\n{}\n");
        for (int i = 0; i < 17; i++) {
            text.append("P").append(i).append("(int *x) { *x = 1; }\n");
        }
        assertThatThrownBy(() -> LitmusParser.parse(text + END)).hasMessage("19:1: a test has 16 threads at most");
    }
}
