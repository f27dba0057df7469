/**
 * A litmus test as a program: a few threads of a few instructions, and the condition on their final state. The three
 * dialects become the same instructions; {@link org.smp4j.explore.memory} gives these their meaning.
 */
package org.smp4j.litmus.program;
