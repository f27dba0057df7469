package org.smp4j.litmus.parse;

import org.smp4j.litmus.program.Expression;

/** The calls of one dialect. */
@FunctionalInterface
interface Calls {
    /**
     * Reads the arguments of a call and makes its instructions.
     *
     * @param parser stands before the opening parenthesis
     * @param name the name of what is called
     * @param receiver the name before the dot; null if there is none
     * @return the call's value
     */
    Expression call(ExpressionParser parser, Lexeme name, Lexeme receiver);
}
