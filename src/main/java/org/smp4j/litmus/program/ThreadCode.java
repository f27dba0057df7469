package org.smp4j.litmus.program;

import java.util.List;

/**
 * One thread of a test.
 *
 * @param name its name, such as P0
 * @param registers the names of its registers; the ones that the parser added have none and are null
 * @param initial their values at the start
 * @param code its instructions
 * @param texts for each instruction the text it was made of, for reports
 */
public record ThreadCode(String name, List<String> registers, long[] initial, List<Instruction> code,
        List<String> texts) {
}
