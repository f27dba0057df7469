/** Programs that are made by machine, as values, and their text. */
package org.smp4j.fuzz.program;
