/** The grammar of generated programs: what a production is, when an operation is legal, and how a program runs. */
package org.smp4j.fuzz.grammar;
