package org.smp4j.fuzz;

import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.program.Program;

/** Writes a program as the source of a test. */
final class JavaSource {
    private JavaSource() {
    }

    static String of(Program program, Catalog catalog, String rule) {
        return "";
    }
}
